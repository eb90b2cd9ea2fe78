import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import type { GateRow } from '../ports/governance-view.port.js';
import { unknownGate } from './api-error.js';
import { gateCardOf } from './gate-card.js';
import { runOfGate } from './gate-decisions.js';
import { Decision, DecisionOutcome, ErrorAnswer, GateCard, GateId, GateList, GatesQuery } from './schemas.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('gates')
@Controller('v1/gates')
export class GatesController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @ApiOperation({ summary: 'Gates, the longest waiting first.' })
  @ApiResponse({ status: 200, standardSchema: GateList })
  async list(@Query({ schema: GatesQuery }) { limit, state }: GatesQuery): Promise<{ gates: readonly GateRow[] }> {
    await this.api.view.refresh();
    return { gates: await this.api.view.gates({ limit, ...(state === undefined ? {} : { state }) }) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'The card: exactly what is decided about. Reading it decides nothing.' })
  @ApiResponse({ status: 200, standardSchema: GateCard })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async show(@Param('id', { schema: GateId }) gateId: string): Promise<GateCard> {
    const card = gateCardOf(gateId, await this.api.log.episode(runOfGate(gateId)));
    if (card === null) throw unknownGate(gateId);
    return card;
  }

  @Post(':id/decision')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decides a gate, once, for the digest its card shows. A repeat answers the same terminal state and causes nothing.' })
  @ApiResponse({ status: 200, standardSchema: DecisionOutcome })
  @ApiResponse({ status: 202, standardSchema: DecisionOutcome, description: 'The decision is durable, but its outcome was not on record within ten seconds.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'Another digest, an expired gate, or a hindrance; on record as a refused decision.' })
  async decide(
    @Param('id', { schema: GateId }) gateId: string,
    @Body({ schema: Decision }) decision: Decision,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DecisionOutcome> {
    const outcome = await this.api.decisions.decide(gateId, decision);
    if (outcome !== null) return outcome;
    response.status(202);
    return { gateId, state: 'open', decidedBy: null, alreadyDecided: false, authorized: false };
  }
}
