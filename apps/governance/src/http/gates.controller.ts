import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { GateRow } from '../ports/governance-view.port.js';
import { unknownGate } from './api-error.js';
import { CallerName } from './caller.js';
import { readGateCard } from './gate-reading.js';
import { BatchDecision, BatchOutcome, Decision, DecisionOutcome, ErrorAnswer, GateCard, GateId, GateLink, GateList, GatesQuery, Snooze, SnoozeOutcome } from './schemas.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

@ApiTags('gates')
@Controller('v1/gates')
export class GatesController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get()
  @Requires('read')
  @ApiOperation({ summary: 'Gates, the longest waiting first.' })
  @ApiResponse({ status: 200, standardSchema: GateList })
  async list(@Query({ schema: GatesQuery }) { limit, state }: GatesQuery): Promise<{ gates: readonly GateRow[] }> {
    await this.api.view.refresh();
    return { gates: await this.api.view.gates({ limit, ...(state === undefined ? {} : { state }) }) };
  }

  @Get(':id')
  @Requires('read')
  @ApiOperation({ summary: 'The card: exactly what is decided about. Reading it decides nothing.' })
  @ApiResponse({ status: 200, standardSchema: GateCard })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async show(@Param('id', { schema: GateId }) gateId: string): Promise<GateCard> {
    return this.card(gateId);
  }

  @Post('decisions')
  @Requires('decide')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decides gates of one class with one word, each by its own digest and with its own event.' })
  @ApiResponse({ status: 200, standardSchema: BatchOutcome })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'The gates are of several classes; nothing was decided.' })
  async decideAll(@Body({ schema: BatchDecision }) batch: BatchDecision, @CallerName() by: string): Promise<BatchOutcome> {
    return this.api.decisions.decideAll(batch, by);
  }

  @Post(':id/decision')
  @Requires('decide')
  @HttpCode(200)
  @ApiOperation({ summary: 'Decides a gate, once, for the digest its card shows. A repeat answers the same terminal state and causes nothing.' })
  @ApiResponse({ status: 200, standardSchema: DecisionOutcome })
  @ApiResponse({ status: 202, standardSchema: DecisionOutcome, description: 'The decision is durable, but its outcome was not on record within ten seconds.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'Another digest, an expired gate, an edit that may not stand, or a hindrance; on record as a refused decision.' })
  async decide(
    @Param('id', { schema: GateId }) gateId: string,
    @Body({ schema: Decision }) decision: Decision,
    @CallerName() by: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<DecisionOutcome> {
    const outcome = await this.api.decisions.decide(gateId, decision, by);
    if (outcome !== null) return outcome;
    response.status(202);
    return { gateId, state: 'open', decidedBy: null, alreadyDecided: false, authorized: false };
  }

  @Post(':id/snooze')
  @Requires('decide')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reminders wait until then. The end of the gate does not move.' })
  @ApiResponse({ status: 200, standardSchema: SnoozeOutcome })
  @ApiResponse({ status: 202, standardSchema: SnoozeOutcome, description: 'The wish is durable, but was not on record within ten seconds.' })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  @ApiResponse({ status: 409, standardSchema: ErrorAnswer, description: 'The gate is closed, or the moment is past or after its end.' })
  async snooze(@Param('id', { schema: GateId }) gateId: string, @Body({ schema: Snooze }) wish: Snooze, @CallerName() by: string, @Res({ passthrough: true }) response: Response): Promise<SnoozeOutcome> {
    const outcome = await this.api.decisions.snooze(gateId, wish, by, this.api.now());
    if (outcome !== null) return outcome;
    response.status(202);
    return { gateId, state: 'open', snoozedUntil: null };
  }

  @Post(':id/link')
  @Requires('owner')
  @HttpCode(200)
  @ApiOperation({ summary: 'A link to the approval page of this gate, for the phone. It opens the page and decides nothing; whoever holds it can decide there.' })
  @ApiResponse({ status: 200, standardSchema: GateLink })
  @ApiResponse({ status: 404, standardSchema: ErrorAnswer })
  async link(@Param('id', { schema: GateId }) gateId: string, @Req() request: Request): Promise<GateLink> {
    const { digest, expiresAt } = await this.card(gateId);
    const origin = this.api.approvalOrigin ?? `http://127.0.0.1:${request.socket.localPort}`;
    return { gateId, url: `${origin}/approve/${gateId}/${this.api.links.linkCode({ gateId, digest })}`, expiresAt };
  }

  private async card(gateId: string): Promise<GateCard> {
    const card = await readGateCard(this.api, gateId);
    if (card === null) throw unknownGate(gateId);
    return card;
  }
}
