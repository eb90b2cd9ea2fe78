/** A small company whose acts are exported: governance as it is, the others played under their rights, on the log in memory. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyEvent } from '@soloist/contracts';
import { derivedId, sha256Hex, type StoredMessage } from '@soloist/eventlog';
import { LogCheck, pagesOf, signHead, type SignedHead } from '@soloist/eventlog/verify';
import { canonicalJson } from '@soloist/kernel';
import { chosenActs, writeAudit, type AuditReport, type AuditSource } from '@soloist/host';
import { openTarget, type AuditSelection } from '@soloist/host/audit';
import { call } from '../governance/api-client.fixture.js';
import { catalog, claimed, desk, document, effectRequested, eventsOf, finished, gateEvents, mailArgs, openCompany, say, until, type Company, type Gate } from '../governance/company.fixture.js';

const STREAMS = 8;
/** What the policy allows goes without a decision. */
const byRules = { ...document, outward: 'by-rules' as const };
const price = { source: 'test', version: '1' };
export const EXPORTED_AT = '2030-01-01T00:00:00.000Z';
export const SECRET_WORDS = ['client@acme.example', 'The hourly rate is', 'What is your rate?', 'Rate?'] as const;
export const ALL: AuditSelection = { since: null, until: null, runs: [], acts: [], isComplete: false };

export interface ActingCompany {
  readonly company: Company;
  readonly key: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  /** Oldest first. */
  readonly runs: readonly string[];
}

/** @param outcomes of each act, in order */
export async function openActingCompany(outcomes: readonly Outcome[]): Promise<ActingCompany> {
  const company = await openCompany({ ...catalog, policy: { version: sha256Hex(canonicalJson(byRules)).slice(0, 16), document: byRules, origin: 'test' }, companyDayLimit: { micros: 1_000_000_000, currency: 'USD' } });
  const runs: string[] = [];
  for (const [index, outcome] of outcomes.entries()) runs.push(await playRun(company, index, outcome));
  return { company, key: generateKeyPairSync('ed25519'), runs };
}

/** `again`: in doubt, and sent once more by a decision of its own · `allowed`: let go by the policy alone. */
type Outcome = 'succeeded' | 'failed' | 'edited' | 'open' | 'again' | 'allowed';

export const effectOf = (runId: string): string => `${runId.slice(0, 24)}-e1`;

async function playRun(company: Company, number: number, outcome: Outcome): Promise<string> {
  const { log } = company;
  const messageId = `<question-${number}@acme.example>`;
  const inputId = derivedId('mail', messageId);
  const runId = derivedId('run', inputId);
  const short = runId.slice(0, 24);
  const subject = { dataSubject: `subject-${number}` };
  const played = (event: unknown): AnyEvent => event as AnyEvent;
  const input = { inputId, source: 'mail', via: 'operator', ...subject, messageId, from: { name: 'Client', address: 'client@acme.example' }, to: [], subject: 'Rate?', text: 'What is your rate?', inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' };
  const received = await say(log, 'connectors', 'intake', inputId, played({ type: 'connectors.intake.input-received', data: input }));
  await say(log, 'orchestrator', 'request', inputId, played({ type: 'orchestrator.request.received', data: { inputId, source: 'mail', ...subject } }), played({ type: 'orchestrator.request.routed', data: { inputId, route: { kind: 'agent', agent: desk.name }, rule: 'clients', reasons: [], ...subject } }));
  await say(log, 'orchestrator', 'run', runId, played({ type: 'orchestrator.run.requested', data: { runId, inputId, agent: desk.name, ...subject } }));
  await until(() => eventsOf(log, 'hold', runId), (events) => events.length > 0);
  const recallId = `${short}-r1`;
  await say(log, 'runtime', 'loop', runId, played({ ...claimed(runId), data: { ...claimed(runId).data, inputId } }), played({ type: 'runtime.loop.recall-requested', data: { recallId, query: 'rate', limit: 5, inputId, ...subject } }));
  const fact = { factId: 'fact-1', text: 'The hourly rate is 95 EUR.', score: 4.5, trust: 'third-party-text', source: { commit: received.id, index: 0, start: 0, end: 26 } };
  await say(log, 'memory', 'recall', runId, played({ type: 'memory.recall.answered', data: { recallId, facts: [fact], session: [], index: 'words-1', asOf: [], ...subject } }));
  const ask = { askId: `${short}-a1`, step: 1, epoch: 1, model: 'rehearsal', messages: [{ role: 'user', content: 'What is your rate?', trust: 'third-party-text', toolCalls: [], callId: null }], messagesBlob: null, tools: ['mail.send'], promptDigest: 'a'.repeat(64), maxOutputTokens: 100, ceilingMicros: 5_000, price };
  await say(log, 'runtime', 'loop', runId, played({ type: 'runtime.loop.model-asked', data: { ...ask, ...subject } }));
  const answer = { askId: ask.askId, model: 'rehearsal', rehearsal: true, text: '', toolCalls: [{ callId: 'c1', tool: 'mail.send', args: {} }], finishReason: 'tool', inputTokens: 10, outputTokens: 5, costMicros: 1_500 + number, ...subject };
  await say(log, 'runtime', 'loop', runId, played({ type: 'runtime.loop.model-answered', data: answer }), effectRequested(runId, 1, { ...subject, ...(outcome === 'allowed' ? { action: 'mail.search', args: { query: 'rate' } } : {}) }));
  if (outcome !== 'allowed') await decide(company, runId, 1, outcome === 'edited');
  const action = outcome === 'allowed' ? 'mail.search' : 'mail.send';
  const which = { effectId: effectOf(runId), generation: outcome === 'again' ? 2 : 1 };
  const attempt = async (generation: number): Promise<void> => {
    const { digest, nonce } = await permitOf(company, runId, generation);
    await say(log, 'connectors', 'effect', runId, played({ type: 'connectors.effect.attempted', data: { ...which, generation, action, digest, nonce, effectClass: 'check-first', idempotencyKey: `${which.effectId}-g${generation}`, epoch: 1, claimName: `claim-${number}-${generation}` } }));
    await say(log, 'connectors', 'arming', runId, played({ type: 'connectors.arming.armed', data: { ...which, generation, haltSequence: 0 } }));
  };
  await attempt(1);
  if (outcome === 'again') {
    await say(log, 'connectors', 'effect', runId, played({ type: 'connectors.effect.unknown', data: { ...which, generation: 1, because: 'No answer came.', reconcileHint: 'look' } }), played({ type: 'connectors.effect.snapshotted', data: { lines: [{ ...which, generation: 1, state: 'unknown', digest: (await permitOf(company, runId, 1)).digest, idempotencyKey: `${which.effectId}-g1`, nonce: (await permitOf(company, runId, 1)).nonce, action, effectClass: 'check-first' }], refusals: [] } }));
    await decide(company, runId, 2, false);
    await attempt(2);
  }
  if (outcome === 'open') return runId;
  if (outcome === 'failed') await say(log, 'connectors', 'effect', runId, played({ type: 'connectors.effect.failed', data: { ...which, faultKind: 'invalid', code: 'mail.refused', because: 'The server said no.' } }));
  else await say(log, 'connectors', 'effect', runId, played({ type: 'connectors.effect.succeeded', data: { ...which, ...subject, receipt: { messageId: `<${which.effectId}-g${which.generation}@soloist.local>`, accepted: ['client@acme.example'] }, knownBy: 'wire' } }));
  await say(log, 'runtime', 'loop', runId, finished(1_500 + number));
  await until(() => eventsOf(log, 'hold', runId), (events) => events.some(({ type }) => type === 'governance.hold.released'));
  return runId;
}

type GateFact<Name extends Gate['type']> = Extract<Gate, { type: Name }>['data'];

async function permitOf({ log }: Company, runId: string, generation: number): Promise<GateFact<'governance.gate.authorized'>> {
  const find = (events: readonly Gate[]): GateFact<'governance.gate.authorized'> | undefined => events.flatMap((event) => (event.type === 'governance.gate.authorized' ? [event.data] : [])).find((data) => data.generation === generation);
  const events = await until(() => gateEvents(log, runId), (found) => find(found) !== undefined);
  return find(events) as GateFact<'governance.gate.authorized'>;
}

async function decide(company: Company, runId: string, number: number, isEdited: boolean): Promise<void> {
  const gateId = `${runId}-g${number}`;
  const find = (events: readonly Gate[]): GateFact<'governance.gate.opened'> | undefined => events.flatMap((event) => (event.type === 'governance.gate.opened' ? [event.data] : [])).find((data) => data.gateId === gateId);
  const card = find(await until(() => gateEvents(company.log, runId), (events) => find(events) !== undefined));
  const args = { ...mailArgs, text: 'The hourly rate is 99 EUR.' };
  const edit = isEdited ? { edit: { args, digest: sha256Hex(canonicalJson({ action: 'mail.send', args })) } } : {};
  const { status, body } = await call(company, 'POST', `/v1/gates/${gateId}/decision`, { body: { decision: 'approve', digest: card?.digest, surface: 'cli', ...edit } });
  if (status !== 200) throw new Error(`the gate ${gateId} was not decided: ${status} ${JSON.stringify(body)}`);
}

/** As the keep has them: here every so many messages. */
export function headsFor({ company, key }: ActingCompany, every: number): readonly SignedHead[] {
  return Array.from({ length: STREAMS }, (_, stream) => `EVENTS-${stream}`).flatMap((name, stream) => {
    const messages = company.log.broker.stored(name);
    return messages.filter((_, index) => (index + 1) % every === 0).map((message) => {
      const check = new LogCheck(STREAMS);
      for (const one of messages.slice(0, message.sequence)) check.take(one, new Map());
      const head = check.finish().streams[stream]?.head ?? '';
      return signHead({ type: 'soloist.log-head', version: 1, stream: name, sequence: message.sequence, digest: head, head, at: EXPORTED_AT, before: null }, key.privateKey);
    });
  });
}

export function sourceOf(acting: ActingCompany, { isOpen = false, every = 5, pages }: { isOpen?: boolean; every?: number; pages?: () => AsyncIterable<readonly StoredMessage[]> } = {}): AuditSource {
  const { log } = acting.company.log.connect('replay');
  const { publicKey } = acting.company.governance;
  return {
    ...{ streams: STREAMS, log, openedLog: isOpen ? log : null, heads: headsFor(acting, every), key: acting.key.privateKey },
    pages: pages ?? (() => pagesOf(acting.company.log.broker.connect('replay'), STREAMS)),
    authorizationKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Answers the folder of the package. */
export async function exported(acting: ActingCompany, selection: Partial<AuditSelection> = {}, options: Parameters<typeof sourceOf>[1] = {}, into?: string): Promise<{ readonly folder: string; readonly report: AuditReport }> {
  const folder = into ?? join(await mkdtemp(join(tmpdir(), 'soloist-audit-')), 'package');
  const source = sourceOf(acting, options);
  const chosen = { ...ALL, ...selection };
  const found = await chosenActs(source, chosen);
  const target = await openTarget(folder, source, chosen, EXPORTED_AT);
  try {
    return { folder, report: await writeAudit(source, chosen, found, target, EXPORTED_AT) };
  } finally {
    await target.proof.close();
  }
}
