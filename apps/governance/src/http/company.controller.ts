import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { IntakeEvent } from '@soloist/contracts';
import type { AgentRow, InboxRow } from '../ports/governance-view.port.js';
import { reasonOfPin } from './pin-desk.js';
import { AgentList, Inbox, InboxQuery, type InboxItem } from './schemas.js';
import { Requires } from './route-policy.js';
import { SURROUNDINGS, type Surroundings } from './surroundings.js';

type PinnedAgent = Omit<AgentRow, 'pin'> & { readonly pin: (NonNullable<AgentRow['pin']> & { readonly because: string }) | null };

@ApiTags('company')
@Controller('v1')
export class CompanyController {
  constructor(@Inject(SURROUNDINGS) private readonly api: Surroundings) {}

  @Get('agents')
  @Requires('read')
  @ApiOperation({ summary: 'The agents, each in the version that new runs take.' })
  @ApiResponse({ status: 200, standardSchema: AgentList })
  async agents(): Promise<{ agents: readonly PinnedAgent[] }> {
    await this.api.view.refresh();
    return { agents: await Promise.all((await this.api.view.agents()).map((row) => this.withReason(row))) };
  }

  @Get('inbox')
  @Requires('read')
  @ApiOperation({ summary: 'What was routed to the operator and not to an agent, newest first.' })
  @ApiResponse({ status: 200, standardSchema: Inbox })
  async inbox(@Query({ schema: InboxQuery }) { limit }: InboxQuery): Promise<{ inbox: readonly InboxItem[] }> {
    await this.api.view.refresh();
    return { inbox: await Promise.all((await this.api.view.inbox(limit)).map((row) => this.withWords(row))) };
  }

  /** Somebody's words stand in the log only. */
  private async withReason(row: AgentRow): Promise<PinnedAgent> {
    if (row.pin === null) return { ...row, pin: null };
    return { ...row, pin: { ...row.pin, because: (await reasonOfPin(this.api.log, row.name)) ?? '' } };
  }

  /** Sender and subject are personal and stand in the log only. */
  private async withWords(row: InboxRow): Promise<InboxItem> {
    const head = await this.api.log.head({ context: 'connectors', entity: 'intake', key: row.inputId });
    const input = (head?.events as readonly IntakeEvent[] | undefined)?.[0]?.data;
    return { ...row, reasons: [...row.reasons], from: input?.from ?? null, subject: input?.subject ?? null };
  }
}
