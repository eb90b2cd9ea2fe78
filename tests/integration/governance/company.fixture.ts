/**
 * Governance on the in-memory log, with its API on a port of its own. The other services are played by the test: it
 * writes, under their rights, the facts that they would write.
 */
import { AgentDefinition, PolicyDocument, type AnyEvent, type Context, type EventOf, type GateEvent, type gate, type loop, type run } from '@soloist/contracts';
import { createMemoryLog, derivedId, sha256Hex, type Commit, type LogConnection, type MemoryLog } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory, type Catalog, type InMemoryGovernance } from '@soloist/governance';
import { canonicalJson } from '@soloist/kernel';
import { defineService, headOf, part, runInProcess, startService, type InProcess, type StartedService } from '@soloist/service';

export type Gate = EventOf<typeof gate>;
export type Loop = EventOf<typeof loop>;
export type Run = EventOf<typeof run>;

export const desk = AgentDefinition.parse({
  name: 'desk',
  purpose: 'Answers clients.',
  instructions: 'Answer.',
  model: { alias: 'rehearsal', maxOutputTokens: 100 },
  actions: ['mail.send', 'mail.search'],
  budget: { perRunMicros: 200_000 },
});
export const document = PolicyDocument.parse({
  name: 'company',
  actions: [
    { action: 'mail.send', verdict: 'gate', because: 'The owner reads mail first.' },
    { action: 'mail.search', verdict: 'allow', because: 'Reading changes nothing.' },
  ],
  gateExpiresAfterHours: 72,
  authorizationExpiresAfterMinutes: 60,
});
const versionOf = (value: unknown): string => sha256Hex(canonicalJson(value)).slice(0, 16);
export const catalog: Catalog = {
  agents: [{ name: desk.name, version: versionOf(desk), definition: desk, origin: 'test' }],
  policy: { version: versionOf(document), document, origin: 'test' },
  companyDayLimit: { micros: 1_000_000, currency: 'USD' },
};

export interface Company {
  readonly log: MemoryLog;
  readonly governance: InMemoryGovernance;
  readonly connection: LogConnection;
  readonly api: string;
  stop(): Promise<void>;
}

/** The whole service as production starts it, Nest and HTTP included; only rows, keys and token are in memory. */
export async function openCompany(custom: Catalog = { ...catalog, companyDayLimit: { micros: 1_000_000_000, currency: 'USD' } }): Promise<Company> {
  const log = createMemoryLog({ streams: 8 });
  const connection = log.connect('governance');
  const governance = openGovernanceInMemory(connection, custom);
  const service = defineService({ ...governanceService, open: () => Promise.resolve(governance.opened) });
  const started: StartedService = await startService(service, { SOLOIST_POSTGRES_URL: 'postgresql://nobody@127.0.0.1:1/none', SOLOIST_HTTP_PORT: '0' }, connection);
  if (started.address === null) throw new Error('governance has no address');
  return { log, governance, connection, api: `http://127.0.0.1:${started.address.port}`, stop: () => started.stop() };
}

/** Without Nest and HTTP. */
export async function openInProcess(
  custom: Catalog = catalog,
  { log = createMemoryLog({ streams: 8 }), time }: { log?: MemoryLog; time?: HeldTime } = {},
): Promise<{ log: MemoryLog; governance: InMemoryGovernance; running: InProcess }> {
  const connection = log.connect('governance');
  const governance = openGovernanceInMemory(connection, custom, undefined, time?.rounds);
  return { log, governance, running: await runInProcess([part(governanceService, connection, governance.opened)], time === undefined ? {} : { clock: time }) };
}

/** A clock that stands still and rounds that are made when the test says so. */
export class HeldTime {
  private readonly waiting: (() => Promise<void>)[] = [];
  readonly rounds = { now: () => this.at, every: (_ms: number, round: () => Promise<void>) => (this.waiting.push(round), { stop: () => Promise.resolve() }) };

  constructor(public at: string) {}

  now(): string {
    return this.at;
  }
  async makeRounds(): Promise<void> {
    for (const round of this.waiting) await round();
  }
}

let said = 0;

/** Appends one commit in the name of another service, with that service's rights. */
export async function say(log: { connect(context: Context): LogConnection }, context: Context, entity: string, key: string, ...events: AnyEvent[]): Promise<Commit> {
  const connection = log.connect(context);
  const address = { context, entity, key };
  const head = await connection.log.head(address);
  said += 1;
  const draft = { address, id: derivedId('test', String(said)), cause: null, actor: context, policy: null, at: new Date().toISOString(), traceparent: null, events };
  const appended = await connection.log.append({ ...draft, after: head === null ? null : headOf(head), snapshot: false });
  if (appended.outcome !== 'committed') throw new Error(`${context}.${entity}.${key} was written by somebody else`);
  return appended.commit;
}

export const runIdOf = (number: number): string => derivedId('run', `test-${number}`);

export function requestRun(log: MemoryLog, runId: string, agent = 'desk'): Promise<Commit> {
  const data = { runId, inputId: derivedId('input', runId), agent, dataSubject: 'subject-1' };
  return say(log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.requested', data } satisfies Run);
}

export function claimed(runId: string, epoch = 1): Loop {
  const data = { runId, epoch, inputId: derivedId('input', runId), agent: 'desk', definitionVersion: versionOf(desk), envelopeMicros: 200_000, currency: 'USD', dataSubject: 'subject-1' };
  return { type: 'runtime.loop.claimed', data };
}

export const mailArgs = { to: ['client@acme.example'], subject: 'Re: rate', text: 'The hourly rate is 95 EUR.', inReplyTo: null };

export function effectRequested(runId: string, number = 1, change: Partial<Extract<Loop, { type: 'runtime.loop.effect-requested' }>['data']> = {}): Loop {
  const action = change.action ?? 'mail.send';
  const args = change.args ?? mailArgs;
  const digest = sha256Hex(canonicalJson({ action, args }));
  const effectId = `${runId.slice(0, 24)}-e${number}`;
  const data = { effectId, callId: 'c1', epoch: 1, action, args, digest, effectClass: 'check-first' as const, trust: 'third-party-text' as const, dataSubject: 'subject-1' };
  return { type: 'runtime.loop.effect-requested', data: { ...data, ...change } };
}

export function finished(spentMicros: number): Loop {
  return { type: 'runtime.loop.finished', data: { outcome: 'done', summary: 'Answered.', spentMicros, steps: 1, dataSubject: 'subject-1' } };
}

/** A run that is admitted and asks for a mail; answers its open gate. */
export async function openGate(log: MemoryLog, runId: string): Promise<Extract<GateEvent, { type: 'governance.gate.opened' }>['data']> {
  await requestRun(log, runId);
  await until(() => eventsOf(log, 'hold', runId), (events) => events.length > 0);
  await say(log, 'runtime', 'loop', runId, claimed(runId), effectRequested(runId));
  const events = await until(() => eventsOf(log, 'gate', runId), (found) => found.some((event) => event.type === 'governance.gate.opened'));
  return (events as readonly Gate[]).flatMap((event) => (event.type === 'governance.gate.opened' ? [event.data] : []))[0] as never;
}

export async function eventsOf(log: LogConnection, entity: string, key: string): Promise<readonly AnyEvent[]> {
  return (await log.log.history({ context: 'governance', entity, key })).flatMap((commit) => commit.events);
}

export async function gateEvents(log: LogConnection, runId: string): Promise<readonly Gate[]> {
  return (await eventsOf(log, 'gate', runId)) as readonly Gate[];
}

const DEADLINE_MS = 15_000;

/** Looks again until the condition holds. */
export async function until<T>(look: () => Promise<T>, holds: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > deadline) throw new Error(`still not so: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
