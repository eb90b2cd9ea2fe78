import { Body, Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CallerName } from './caller.js';
import { pinAgent, unpinAgent } from './pin-desk.js';
import { AgentName, Pin, PinOutcome, Unpin } from './pin-schemas.js';
import { Requires } from './route-policy.js';
import { ErrorAnswer } from './schemas.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

const LATE = 'The wish is durable, but was not on record within ten seconds.';

@ApiTags('company')
@Controller('v1/agents')
export class PinsController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Post(':name/pin')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Pins an agent to a version: new runs take it, whatever is published, until it is unpinned. Runs under way keep theirs.' })
  @ApiResponse({ status: 200, standardSchema: PinOutcome })
  @ApiResponse({ status: 202, standardSchema: PinOutcome, description: LATE })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer, description: 'No such agent, or no such version of it; the message names those that there are.' })
  async pin(@Param('name', { schema: AgentName }) name: string, @Body({ schema: Pin }) pin: Pin, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<PinOutcome> {
    return answered(await pinAgent(this.api.log, name, pin, by), response);
  }

  @Post(':name/unpin')
  @Requires('operate')
  @HttpCode(200)
  @ApiOperation({ summary: 'New runs of the agent take its latest version again.' })
  @ApiResponse({ status: 200, standardSchema: PinOutcome })
  @ApiResponse({ status: 202, standardSchema: PinOutcome, description: LATE })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async unpin(@Param('name', { schema: AgentName }) name: string, @Body({ schema: Unpin }) { because }: Unpin, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<PinOutcome> {
    return answered(await unpinAgent(this.api.log, name, because, by), response);
  }
}

function answered(outcome: PinOutcome, response: Response): PinOutcome {
  if (!outcome.isOnRecord) response.status(202);
  return outcome;
}
