import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { ApiError, unknownRun } from './api-error.js';
import { CallerName } from './caller.js';
import { OperatorAnswer, OverrideOutcome, OverrideWish } from './override-schemas.js';
import { answerWish, override, pauseWish, resumeWish } from './run-overrides.js';
import { ErrorAnswer, RunId } from './schemas.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

const LATE = 'The wish is durable, but was not on record within ten seconds.';

@ApiTags('runs')
@Controller('v1/runs')
export class OverridesController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Post(':id/pause')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Holds a run: no new model call, no new effect, and of a program no new step. What is under way is written down.' })
  @ApiResponse({ status: 200, standardSchema: OverrideOutcome })
  @ApiResponse({ status: 202, standardSchema: OverrideOutcome, description: LATE })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  pause(@Param('id', { schema: RunId }) runId: string, @Body({ schema: OverrideWish }) { because }: OverrideWish, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<OverrideOutcome> {
    return this.override(pauseWish(runId, by, because), response);
  }

  @Post(':id/resume')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets a paused run go on where it was.' })
  @ApiResponse({ status: 200, standardSchema: OverrideOutcome })
  @ApiResponse({ status: 202, standardSchema: OverrideOutcome, description: LATE })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  resume(@Param('id', { schema: RunId }) runId: string, @Body({ schema: OverrideWish }) { because }: OverrideWish, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<OverrideOutcome> {
    return this.override(resumeWish(runId, by, because), response);
  }

  @Post(':id/answer')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'The operator does the step of a paused run: the run ends with this answer, recorded as the operator\'s.' })
  @ApiResponse({ status: 200, standardSchema: OverrideOutcome })
  @ApiResponse({ status: 202, standardSchema: OverrideOutcome, description: LATE })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'It is the run of a program.' })
  answer(@Param('id', { schema: RunId }) runId: string, @Body({ schema: OperatorAnswer }) { text }: OperatorAnswer, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<OverrideOutcome> {
    return this.override(answerWish(runId, by, text), response);
  }

  private async override(wish: Parameters<typeof override>[1], response: Response): Promise<OverrideOutcome> {
    await this.api.view.refresh();
    const row = await this.api.view.run(wish.runId);
    if (row === null) throw unknownRun(wish.runId);
    if (row.program !== null && wish.type === 'runtime.loop.answer') throw new ApiError(409, 'run.is-program', `Run ${wish.runId} is of the program ${row.program.name}; there is no step of a model to do.`, 'Send the event it waits for, resume or cancel it.');
    const outcome = await override(this.api.log, wish);
    if (!outcome.isOnRecord) response.status(202);
    return outcome;
  }
}
