import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { budgetNow, correct, decideExtension, extensionsAsked, setLine } from './budget-desk.js';
import { BudgetList, BudgetWish, Correction, CorrectionWish, ExtensionDecision, ExtensionList, ExtensionOutcome } from './budget-schemas.js';
import { ErrorAnswer, RunId } from './schemas.js';
import { CallerName } from './caller.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

const now = (): string => new Date().toISOString();

@ApiTags('budget')
@Controller('v1/budget')
export class BudgetController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Every budget line with what is used and reserved in its period of now.' })
  @ApiResponse({ status: 200, standardSchema: BudgetList })
  list(): Promise<BudgetList> {
    return budgetNow(this.api.log, now());
  }

  @Post()
  @Requires('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Sets a line, or takes it away with the limit null. A line counts from the commit that sets it.' })
  @ApiResponse({ status: 200, standardSchema: BudgetList })
  @ApiResponse({ status: 422, standardSchema: ErrorAnswer })
  async set(@Body({ schema: BudgetWish }) wish: BudgetWish, @CallerName() by: string): Promise<BudgetList> {
    await setLine(this.api.log, wish, by, now);
    return budgetNow(this.api.log, now());
  }

  @Post('corrections')
  @Requires('admin')
  @HttpCode(200)
  @ApiOperation({ summary: 'Books what a bill says a settled run really cost.' })
  @ApiResponse({ status: 200, standardSchema: Correction })
  @ApiResponse({ status: 422, standardSchema: ErrorAnswer })
  correct(@Body({ schema: CorrectionWish }) wish: CorrectionWish, @CallerName() by: string): Promise<Correction> {
    return correct(this.api.log, wish, by);
  }

  @Get('asks')
  @Requires('read')
  @ApiOperation({ summary: 'Runs that would pass a line of the mode ask, and by how much.' })
  @ApiResponse({ status: 200, standardSchema: ExtensionList })
  asks(): Promise<ExtensionList> {
    return extensionsAsked(this.api.log, this.api.view);
  }

  @Post('asks/:id')
  @Requires('decide')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets a run pass the lines it asks about, by exactly what is missing, or refuses it.' })
  @ApiResponse({ status: 200, standardSchema: ExtensionOutcome })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  decide(@Param('id', { schema: RunId }) runId: string, @Body({ schema: ExtensionDecision }) decision: ExtensionDecision, @CallerName() by: string): Promise<ExtensionOutcome> {
    return decideExtension(this.api.log, runId, decision, by);
  }
}
