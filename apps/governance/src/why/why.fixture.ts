/** A whole chain as the log would have it: a mail, an edit at the gate, a mail that went out. */
import { EVENT_CONTRACTS, parseSubject, subjectOf, type AnyEvent, type ParsedSubject } from '@soloist/contracts';
import { ERASED, type Commit } from '@soloist/eventlog';
import type { Trail } from './trail.js';

const RUN = 'a'.repeat(32);
const INPUT = 'b'.repeat(32);
const VERSION = '0123456789abcdef';
const DIGEST = 'd'.repeat(64);
export const EDITED_DIGEST = 'f'.repeat(64);
export const ASKED_EFFECT = `${RUN.slice(0, 24)}-e1`;
const GATE = `${RUN}-g1`;
const subject = { dataSubject: 'subject-1' };
const which = { effectId: ASKED_EFFECT, generation: 1 };
const args = { to: ['client@acme.example'], subject: 'Re: rate', text: 'The hourly rate is 95 EUR.' };
const facts = { effect: 'external', context: 'third-party-text', sinks: [{ path: 'to', role: 'recipient', trust: 'third-party-text' }], asked: 'unasked', isForbidden: false, amountMicros: null, reach: 1, hasNewRecipient: true, repeats: 0, isReversible: false, dataClass: 'internal', confidence: null, isQuietHours: false };
const decided = { gateId: GATE, commandId: 'command-1', by: 'operator', surface: 'cli' };

let sequence = 0;
function commit(name: string, key: string, ...events: readonly (readonly [type: string, data: object])[]): Commit {
  sequence += 1;
  const [context, entity] = name.split('.') as ['governance', string];
  const where = subjectOf('evt', { context, entity, key });
  return {
    ...{ position: { stream: 0, sequence }, subject: where, address: parseSubject(where) as ParsedSubject, id: `commit-${sequence}`, cause: null, actor: context, policy: null },
    ...{ at: `2026-01-02T03:04:${String(sequence).padStart(2, '0')}.000Z`, prev: null, hash: '0'.repeat(64), from: 1, traceparent: null, fence: null },
    events: events.map(([type, data]) => ({ type: `${name}.${type}`, data }) as unknown as AnyEvent),
  };
}

const loop = (...events: readonly (readonly [string, object])[]): Commit => commit('runtime.loop', RUN, ...events);
const gate = (...events: readonly (readonly [string, object])[]): Commit => commit('governance.gate', RUN, ...events);
const ASK = { askId: `${RUN.slice(0, 24)}-a1`, ...subject };

export const trail: Trail = {
  runId: RUN,
  intake: [commit('connectors.intake', INPUT, ['input-received', { inputId: INPUT, via: 'operator', messageId: '<m@acme.example>', from: { name: '', address: 'client@acme.example' }, to: [], subject: 'Rate?', text: 'What is the rate?', trust: 'third-party-text', ...subject }])],
  request: [commit('orchestrator.request', INPUT, ['routed', { inputId: INPUT, route: { kind: 'agent', agent: 'desk' }, rule: 'clients', reasons: ['from a client'], ...subject }])],
  policies: [commit('governance.policy', 'company', ['adopted', { version: VERSION, document: { name: 'company' }, origin: 'test' }])],
  reservation: commit('governance.budget', 'company', ['reserved', { runId: RUN, agent: 'desk', micros: 200_000, currency: 'USD', day: '2026-01-02' }]),
  budgetLines: [{ line: 'company/day/money', limit: 1_000_000, mode: 'hard' }],
  episode: [
    commit('orchestrator.run', RUN, ['requested', { runId: RUN, inputId: INPUT, agent: 'desk', ...subject }]),
    commit('governance.hold', RUN, ['granted', { runId: RUN, agent: 'desk', definitionVersion: VERSION, policyVersion: VERSION, envelopeMicros: 200_000, currency: 'USD' }]),
    loop(['claimed', { runId: RUN, epoch: 1, inputId: INPUT, agent: 'desk' }], ['recall-requested', { recallId: 'r1', query: 'rate', ...subject }]),
    commit('memory.recall', RUN, ['answered', { recallId: 'r1', facts: [{ factId: 'f1', text: 'The hourly rate is 95 EUR.', score: 1, trust: 'third-party-text', source: { commit: 'commit-1', index: 0, start: 0, end: 26 } }], session: [], index: 'words', ...subject }]),
    loop(['model-asked', { ...ASK, step: 1, epoch: 1, model: 'm', messages: [{ role: 'user', content: 'client@acme.example asks', trust: 'third-party-text' }], messagesBlob: null, promptDigest: DIGEST, price: { source: 'p', version: '1' } }]),
    loop(['model-answered', { ...ASK, model: 'm', rehearsal: false, text: '', toolCalls: [{ callId: 'c', tool: 'mail.send', args }], inputTokens: 1, outputTokens: 1, costMicros: 1_500 }], ['effect-requested', { ...which, callId: 'c', epoch: 1, action: 'mail.send', args, digest: DIGEST, effectClass: 'check-first', trust: 'third-party-text', ...subject }]),
    gate(['judged', { ...which, action: 'mail.send', digest: DIGEST, effectClass: 'check-first', trust: 'third-party-text', verdict: 'gate', reasons: ['read first'], policyVersion: VERSION, code: 'outward', kind: 'outward', facts }], ['opened', { ...which, gateId: GATE, kind: 'outward-effect', epoch: 1, action: 'mail.send', args, digest: DIGEST, effectClass: 'check-first', reasons: ['read first'], expiresAt: '2026-01-05T00:00:00.000Z', policyVersion: VERSION, ...subject }]),
    gate(
      ['decided', { ...decided, decision: 'approve', digest: DIGEST, reason: null }],
      ['edited', { ...decided, label: 'edited by operator', digestBefore: DIGEST, digestAfter: EDITED_DIGEST, fields: ['text'], args, verdict: 'gate', reasons: [], facts, ...subject }],
      ['authorized', { ...which, runId: RUN, action: 'mail.send', args, digest: EDITED_DIGEST, epoch: 1, stopGeneration: 0, policyVersion: VERSION, expiresAt: '2026-01-02T04:00:00.000Z', nonce: 'n', keyId: 'k', signature: 's', ...subject }],
    ),
    commit('connectors.effect', RUN, ['attempted', { ...which, action: 'mail.send', digest: EDITED_DIGEST, nonce: 'n', effectClass: 'check-first', idempotencyKey: `${ASKED_EFFECT}-g1`, epoch: 1, claimName: 'c' }]),
    commit('connectors.arming', RUN, ['armed', { ...which, haltSequence: 0 }]),
    commit('connectors.effect', RUN, ['succeeded', { ...which, receipt: { messageId: `<${ASKED_EFFECT}-g1@soloist.local>`, accepted: ['client@acme.example'] }, knownBy: 'wire', ...subject }]),
    loop(['effect-observed', { effectId: ASKED_EFFECT, outcome: 'succeeded', detail: {}, ...subject }], ['finished', { outcome: 'done', summary: 'Answered.', spentMicros: 1_500, steps: 1, ...subject }]),
    commit('governance.hold', RUN, ['released', { runId: RUN, spentMicros: 1_500, releasedMicros: 198_500 }]),
  ],
};

/** The trail as it would be, had an event of this type never been written. */
export function without(given: Trail, type: string): Trail {
  const cut = (commits: readonly Commit[]): readonly Commit[] => commits.map((one) => ({ ...one, events: one.events.filter((event) => event.type !== type) })).filter(({ events }) => events.length > 0);
  const { reservation } = given;
  return { ...given, intake: cut(given.intake), request: cut(given.request), policies: cut(given.policies), episode: cut(given.episode), reservation: reservation === null ? null : (cut([reservation])[0] ?? null) };
}

/** The same after the person was erased: every field that its contract marks as personal reads so. */
export const erasedTrail: Trail = { ...trail, intake: trail.intake.map(erased), request: trail.request.map(erased), episode: trail.episode.map(erased) };

function erased(one: Commit): Commit {
  return { ...one, events: one.events.map((event) => ({ ...event, data: withoutPersonal(event) }) as AnyEvent) };
}

function withoutPersonal({ type, data }: AnyEvent): unknown {
  const personal = EVENT_CONTRACTS.get(type)?.personal ?? [];
  return Object.fromEntries(Object.entries(data as object).map(([field, value]) => [field, personal.includes(field) ? ERASED : (value as unknown)]));
}
