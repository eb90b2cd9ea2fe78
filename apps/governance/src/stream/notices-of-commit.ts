/**
 * Commits become notices. Pure.
 *
 * I1 an event becomes one notice or none, whatever was read before it: a notice never depends on who reads, and from where
 * I2 a press of the company stop is one commit in each event stream and one notice: that of the first stream
 */
import { haltKeyOfStream, type BudgetEvent, type EffectEvent, type GateEvent, type HaltEvent, type HoldEvent, type LoopEvent, type RunEvent, type StreamCount } from '@soloist/contracts';
import { eventIdOf, type Commit } from '@soloist/eventlog';
import { NAME, type Notice } from './notice.js';

type HeardEvent = GateEvent | RunEvent | LoopEvent | HoldEvent | BudgetEvent | EffectEvent | HaltEvent;

/** Type and data of a notice, before it has its id and moment. */
type Said = { [Type in Notice['type']]: Pick<Extract<Notice, { type: Type }>, 'type' | 'data'> }[Notice['type']];

export interface NotedNotice {
  /** Which event of its commit it is. */
  readonly index: number;
  readonly notice: Notice;
}

export function noticesOf(commit: Commit, streams: number): readonly NotedNotice[] {
  return commit.events.flatMap((event, index) => {
    const said = noticeOf(event as HeardEvent, commit, streams);
    return said === null ? [] : [{ index, notice: { id: eventIdOf(commit.id, index), timestamp: commit.at, ...said } as Notice }];
  });
}

function noticeOf(event: HeardEvent, commit: Commit, streams: number): Said | null {
  const runId = commit.address.key;
  const link = `/v1/runs/${runId}`;
  switch (event.type) {
    case 'orchestrator.run.requested':
      return { type: 'run.started', data: { runId, agent: nameOf(event.data.agent), link } };
    case 'runtime.loop.suspended':
      return { type: 'run.waiting', data: { runId, waitsFor: event.data.waitingFor, link } };
    case 'orchestrator.run.closed':
      return { type: 'run.closed', data: { runId, outcome: event.data.outcome, link } };
    case 'governance.halt.raised':
    case 'governance.halt.lifted':
      return pressed(event, commit, streams);
    default:
      return gateNotice(event, runId) ?? effectNotice(event, runId) ?? budgetNotice(event, runId);
  }
}

function gateNotice(event: HeardEvent, runId: string): Said | null {
  const of = (gateId: string): { gateId: string; runId: string; link: string } => ({ gateId, runId, link: `/v1/gates/${gateId}` });
  switch (event.type) {
    case 'governance.gate.opened': {
      const { gateId, kind, action, effectClass, digest, expiresAt } = event.data;
      return { type: 'gate.opened', data: { ...of(gateId), kind, action: nameOf(action), effectClass, digest, expiresAt } };
    }
    case 'governance.gate.reminded':
      return { type: 'gate.reminded', data: { ...of(event.data.gateId), number: event.data.number } };
    case 'governance.gate.escalated':
      return { type: 'gate.escalated', data: of(event.data.gateId) };
    case 'governance.gate.decided': {
      const { gateId, decision, by, digest } = event.data;
      return { type: 'gate.decided', data: { ...of(gateId), decision, by: nameOf(by), digest } };
    }
    case 'governance.gate.expired':
      return { type: 'gate.expired', data: of(event.data.gateId) };
    default:
      return null;
  }
}

function effectNotice(event: HeardEvent, runId: string): Said | null {
  const link = `/v1/runs/${runId}/episode`;
  switch (event.type) {
    case 'connectors.effect.succeeded':
    case 'connectors.effect.unknown': {
      const { effectId, generation } = event.data;
      return { type: event.type === 'connectors.effect.unknown' ? 'effect.unknown' : 'effect.succeeded', data: { effectId, generation, runId, link } };
    }
    case 'connectors.effect.failed':
    case 'connectors.effect.refused': {
      const { effectId, generation, code } = event.data;
      return { type: event.type === 'connectors.effect.failed' ? 'effect.failed' : 'effect.refused', data: { effectId, generation, runId, code: nameOf(code), link } };
    }
    default:
      return null;
  }
}

function budgetNotice(event: HeardEvent, key: string): Said | null {
  switch (event.type) {
    case 'governance.budget.warned': {
      const { runId, line, period, limit, committed } = event.data;
      return { type: 'budget.warned', data: { runId, line, period, limit, committed, link: '/v1/budget' } };
    }
    case 'governance.budget.overspent': {
      const { runId, envelopeMicros, spentMicros } = event.data;
      return { type: 'budget.overspent', data: { runId, envelopeMicros, spentMicros, link: `/v1/runs/${runId}` } };
    }
    case 'governance.hold.asked':
      return { type: 'budget.asked', data: { runId: key, lines: event.data.lines.map(({ line }) => line), link: '/v1/budget/asks' } };
    case 'governance.hold.refused':
      return { type: 'budget.refused', data: { runId: key, code: nameOf(event.data.code), link: `/v1/runs/${key}` } };
    default:
      return null;
  }
}

function pressed({ type, data: { generation, by } }: HaltEvent, commit: Commit, streams: number): Said | null {
  if (commit.address.key !== haltKeyOfStream(0, streams as StreamCount)) return null;
  return { type: type === 'governance.halt.raised' ? 'company.stopped' : 'company.resumed', data: { generation, by: nameOf(by), link: '/v1/company' } };
}

function nameOf(text: string): string {
  return NAME.test(text) ? text : 'unnamed';
}
