import { EVENT_CONTRACTS, haltKeyOfStream, type AnyEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { describe, expect, test } from 'vitest';
import { NoticeShape } from '../http/event-schemas.js';
import { NOTICE_TYPES } from './notice.js';
import { noticesOf } from './notices-of-commit.js';

const digest = 'd'.repeat(64);
const runId = 'a'.repeat(32);
const gateId = `${runId}-g1`;
const moment = '2026-11-25T00:00:00.000Z';
/** Stands wherever somebody's words could. */
const WORDS = 'Ada Lovelace <ada@client.example>, s3cret';
const which = { effectId: `${runId}-e1`, generation: 2 };
const line = { line: 'company/day/money', period: '2026-11-25', name: WORDS };

const EVENTS: readonly AnyEvent[] = [
  { type: 'governance.gate.opened', data: { gateId, kind: 'outward-effect', ...which, epoch: 1, action: 'mail.send', args: { text: WORDS }, digest, effectClass: 'check-first', reasons: [WORDS], dataSubject: 'subject-1', expiresAt: moment, policyVersion: '0'.repeat(16) } },
  { type: 'governance.gate.reminded', data: { gateId, number: 1, dueAt: moment } },
  { type: 'governance.gate.escalated', data: { gateId, dueAt: moment } },
  { type: 'governance.gate.decided', data: { gateId, commandId: WORDS, decision: 'approve', by: 'bot-1', surface: WORDS, digest, reason: WORDS } },
  { type: 'governance.gate.expired', data: { gateId, because: WORDS } },
  { type: 'orchestrator.run.requested', data: { runId, inputId: 'b'.repeat(32), agent: 'desk', dataSubject: 'subject-1' } },
  { type: 'runtime.loop.suspended', data: { waitingFor: 'effect', id: which.effectId } },
  { type: 'orchestrator.run.closed', data: { runId, outcome: 'done', because: WORDS } },
  { type: 'connectors.effect.succeeded', data: { ...which, dataSubject: 'subject-1', receipt: { to: WORDS }, knownBy: 'wire' } },
  { type: 'connectors.effect.failed', data: { ...which, faultKind: 'invalid', code: 'mail.refused', because: WORDS } },
  { type: 'connectors.effect.unknown', data: { ...which, because: WORDS, reconcileHint: WORDS } },
  { type: 'connectors.effect.refused', data: { ...which, code: 'authorization.expired', because: WORDS } },
  { type: 'governance.budget.warned', data: { runId, ...line, limit: 5, committed: 6 } },
  { type: 'governance.hold.asked', data: { runId, agent: 'desk', lines: [{ ...line, limit: 5, committed: 5, needed: 1 }], currency: 'USD' } },
  { type: 'governance.hold.refused', data: { runId, code: 'budget.exceeded', because: WORDS } },
  { type: 'governance.budget.overspent', data: { runId, day: '2026-11-25', envelopeMicros: 5, spentMicros: 6 } },
];
const HALTS: readonly AnyEvent[] = ['raised', 'lifted'].map((verb) => ({ type: `governance.halt.${verb}`, data: { generation: 1, by: 'operator', because: WORDS } }));

function commitOf(events: readonly AnyEvent[], key = runId): Commit {
  const address = { kind: 'evt', site: 'hub', bucket: 0, context: 'governance', entity: 'gate', key } as const;
  return { position: { stream: 0, sequence: 1 }, subject: '', address, id: 'c'.repeat(32), cause: null, actor: WORDS, policy: null, at: moment, prev: null, hash: digest, from: 1, traceparent: null, fence: null, events };
}

const noticesIn = (events: readonly AnyEvent[], key?: string): readonly { index: number; notice: { id: string; type: string } }[] => noticesOf(commitOf(events, key), 8);

describe('notices', () => {
  test('are there in every kind, and have the described form with nothing more', () => {
    const notices = [...noticesIn(EVENTS), ...noticesIn(HALTS, haltKeyOfStream(0, 8))].map(({ notice }) => notice);
    expect(notices.map(({ type }) => type).sort()).toEqual([...NOTICE_TYPES].sort());
    for (const notice of notices) expect(NoticeShape.safeParse(notice).success, notice.type).toBe(true);
  });

  test('I1 hold nobody\'s words, wherever words stand in what happened', () => {
    const shouting = EVENTS.map(({ type, data }) => ({ type, data: { ...(data as object), ...('by' in (data as object) ? { by: WORDS } : {}), ...('code' in (data as object) ? { code: WORDS } : {}), ...('action' in (data as object) ? { action: WORDS } : {}) } }));
    const notices = noticesIn([...EVENTS, ...shouting]);
    expect(notices).toHaveLength(2 * EVENTS.length);
    for (const part of ['Ada', 'client.example', 's3cret']) expect(JSON.stringify(notices)).not.toContain(part);
    for (const { notice } of notices) expect(NoticeShape.safeParse(notice).success, notice.type).toBe(true);
  });

  test('I2 carry the id of their event, and stand at its number', () => {
    const quiet = { type: 'governance.gate.review-asked', data: {} };
    const notices = noticesIn([quiet, EVENTS[1] as AnyEvent, quiet, EVENTS[2] as AnyEvent]);
    expect(notices.map(({ index, notice }) => [index, notice.id, notice.type])).toEqual([[1, `${'c'.repeat(32)}/1`, 'gate.reminded'], [3, `${'c'.repeat(32)}/3`, 'gate.escalated']]);
  });

  test('I2 are one for a press of the company stop, which every stream records', () => {
    const keys = Array.from({ length: 8 }, (_, stream) => haltKeyOfStream(stream, 8));
    expect(new Set(keys).size).toBe(8);
    expect(keys.flatMap((key) => noticesIn(HALTS, key))).toHaveLength(2);
  });

  test('are made of events that exist', () => {
    for (const { type, data } of [...EVENTS, ...HALTS]) expect(EVENT_CONTRACTS.get(type)?.schema.safeParse(data).success, type).toBe(true);
  });
});
