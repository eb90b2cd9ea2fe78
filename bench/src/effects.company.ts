/**
 * A company for measuring effects: runtime, governance and connectors as they are, each under its own account in one
 * process as `soloist up` runs them; the other two services are played. The model asks for the same action until the run
 * has had as many effects as are wanted.
 */
import { performance } from 'node:perf_hooks';
import { jetstream } from '@nats-io/jetstream';
import { genaiPriceBook } from '@soloist/catalog';
import { connectorsService, type Connector, type ConnectorsPorts, type OutwardAction } from '@soloist/connectors';
import { AgentDefinition, PolicyDocument, subjectOf, type AnyEvent, type Context } from '@soloist/contracts';
import { connectLog, derivedId, sha256Hex, type Commit, type CommitDraft, type LogConnection } from '@soloist/eventlog';
import { emptyCatalog, governanceService, isAuthentic, openGovernanceInMemory } from '@soloist/governance';
import { canonicalJson } from '@soloist/kernel';
import { ajvArgsCheck, allTools, runtimeService, type ModelPort, type RuntimePorts } from '@soloist/runtime';
import { part, runInProcess } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { Timeline } from './timeline.js';

export type EffectKind = 'read' | 'outward';

export interface EffectCompany {
  /** One run from its request to its end; answers how long each of its effects took, in milliseconds. */
  run(): Promise<readonly number[]>;
  /** One publish with an expectation by the runtime's account, on a subject of its own that is delivered to nobody. */
  bareAppend(): Promise<unknown>;
  readonly count: Counts;
  readonly timeline: Timeline;
  /** All that is on the log of the run that began last. */
  lastEpisode(): Promise<readonly Commit[]>;
  stop(): Promise<void>;
}

const ACTION = { read: 'bench.read', outward: 'bench.act' } as const;
const CLASS = { read: 'read-only', outward: 'check-first' } as const;
/** About the bytes of a commit beside it, headers and all. */
const BODY = 'x'.repeat(900);

const desk = (effects: number): AgentDefinition =>
  AgentDefinition.parse({ name: 'desk', purpose: 'Benches.', instructions: 'Act.', model: { alias: 'bench', maxOutputTokens: 100 }, actions: Object.values(ACTION), budget: { perRunMicros: 1_000_000_000 }, limits: { maxSteps: effects + 1 } });
const document = PolicyDocument.parse({
  name: 'company',
  actions: Object.values(ACTION).map((action) => ({ action, verdict: 'allow', because: 'It does nothing.' })),
  outward: 'by-rules',
  gateExpiresAfterHours: 72,
  authorizationExpiresAfterMinutes: 60,
});
const versionOf = (value: unknown): string => sha256Hex(canonicalJson(value)).slice(0, 16);

export async function openEffectCompany(kind: EffectKind, effects: number): Promise<EffectCompany> {
  registerTools();
  const broker = await startBroker({ streams: 8 });
  const count = new Counts();
  const timeline = new Timeline();
  const connect = async (service: Context): Promise<LogConnection> =>
    timed(timeline, count.through(service, await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `bench ${service}` })));
  const [runtime, governance, connectors, orchestrator, memory] = await Promise.all((['runtime', 'governance', 'connectors', 'orchestrator', 'memory'] as const).map(connect)) as [LogConnection, LogConnection, LogConnection, LogConnection, LogConnection];
  const played: Played = { orchestrator, memory, connectors, governance: await connect('governance') };
  const versions = await publish(played.governance, desk(effects));
  const trips = new Trips(played, versions);
  const opened = openGovernanceInMemory(governance, emptyCatalog);
  const services = await runInProcess([
    // Admission and settlement of money are not part of an effect; the bench grants the hold itself.
    part({ ...governanceService, reactors: governanceService.reactors.filter(({ name }) => name === 'judge-effect'), sources: [] }, governance, { ...opened.opened, projections: [] }),
    part(runtimeService, trips.through(runtime), { ports: runtimePorts(kind, effects), close: async () => {} }),
    part({ ...connectorsService, sources: [] }, connectors, { ports: connectorsPorts((authorization) => isAuthentic(authorization, opened.publicKey)), close: async () => {} }),
  ]);
  const bare = await barePublisher(broker);
  return {
    run: () => trips.ride(),
    bareAppend: bare.append,
    count,
    timeline,
    lastEpisode: () => played.governance.log.episode(trips.lastRun),
    stop: async () => {
      await services.stop();
      await Promise.all([bare.close(), ...[runtime, governance, connectors, orchestrator, memory, played.governance].map((connection) => connection.close())]);
      await broker.stop();
    },
  };
}

/** The one action of each kind takes anything; it is this bench's, so it is added to what agents may be offered. */
function registerTools(): void {
  const tools = allTools() as ReturnType<typeof allTools>[number][];
  for (const kind of ['read', 'outward'] as const) {
    if (tools.some(({ name }) => name === ACTION[kind])) continue;
    tools.push({ name: ACTION[kind], description: 'Does nothing.', parameters: { type: 'object' }, effectClass: CLASS[kind] });
  }
}

function runtimePorts(kind: EffectKind, effects: number): RuntimePorts {
  const model: ModelPort = {
    complete: async ({ messages }) => {
      const done = messages.filter(({ role }) => role === 'tool').length;
      const toolCalls = done >= effects ? [] : [{ callId: `c${done}`, tool: ACTION[kind], args: { to: 'client@example.com', text: `Number ${done}.` } }];
      return { model: 'bench', rehearsal: false, text: toolCalls.length > 0 ? '' : 'Done.', toolCalls, finishReason: 'stop', usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1 } };
    },
  };
  const prices = genaiPriceBook({ operatorPrices: { bench: { inputMicrosPerMillion: 1, outputMicrosPerMillion: 1 } } });
  return { model, modelOfAlias: () => 'bench', windowTokens: 1_000_000, prices, checkArgs: ajvArgsCheck(), pause: async () => {} };
}

function connectorsPorts(isGenuine: (authorization: never) => boolean): ConnectorsPorts {
  const never = (): never => {
    throw new Error('the bench takes no mail');
  };
  const action = (kind: EffectKind): OutwardAction => ({
    action: ACTION[kind],
    effectClass: CLASS[kind],
    prepare: async (args) => ({
      digest: sha256Hex(canonicalJson({ action: ACTION[kind], args: args as never })),
      send: async (mayProceed) => {
        if (kind === 'outward' && !(await mayProceed())) throw new Error('the bench lost its claim');
        return { id: 'nothing' };
      },
    }),
    look: async () => ({ kind: 'cannot-tell', hint: '' }),
  });
  const connector: Connector = { name: 'bench', actions: [action('read'), action('outward')] };
  return {
    connectors: [connector],
    authorizations: { isGenuine: async (authorization) => isGenuine(authorization as never) },
    arrivals: { via: 'bench', waiting: never, read: never, settle: never, watch: never },
    postOffice: { open: never },
    stopwatch: () => performance.now(),
  };
}

interface Versions {
  readonly definitionVersion: string;
  readonly policyVersion: string;
}

async function publish(governance: LogConnection, definition: AgentDefinition): Promise<Versions> {
  const versions = { definitionVersion: versionOf(definition), policyVersion: versionOf(document) };
  await say(governance, 'definition', definition.name, [{ type: 'governance.definition.published', data: { version: versions.definitionVersion, definition, origin: 'bench' } }], 'governance');
  await say(governance, 'policy', 'company', [{ type: 'governance.policy.adopted', data: { version: versions.policyVersion, document, origin: 'bench' } }], 'governance');
  return versions;
}

interface Played {
  readonly governance: LogConnection;
  readonly orchestrator: LogConnection;
  readonly memory: LogConnection;
  readonly connectors: LogConnection;
}

let made = 0;
const nextKey = (): string => derivedId('bench', String(process.pid), String((made += 1)));

async function say({ log }: LogConnection, entity: string, key: string, events: readonly AnyEvent[], context: Context): Promise<void> {
  const address = { context, entity, key };
  const after = await log.head(address);
  const draft: CommitDraft = { address, id: nextKey(), cause: null, actor: 'bench', policy: null, at: new Date().toISOString(), traceparent: null, events, after: after === null ? null : { sequence: after.position.sequence, hash: after.hash, from: after.from }, snapshot: false };
  const appended = await log.append(draft);
  if (appended.outcome !== 'committed') throw new Error(`the bench met a conflict on ${entity} ${key}`);
}

/** Plays orchestrator and memory, and notes when each effect was asked for and when its outcome was seen. */
class Trips {
  lastRun = '';
  private readonly asked = new Map<string, number>();
  private readonly taken = new Map<string, number[]>();
  private readonly ended = new Map<string, { done: () => void; failed: (error: Error) => void }>();

  constructor(
    private readonly played: Played,
    private readonly versions: Versions,
  ) {}

  async ride(): Promise<readonly number[]> {
    const { orchestrator, connectors, governance } = this.played;
    const runId = nextKey();
    const inputId = nextKey();
    const dataSubject = 'bench';
    this.lastRun = runId;
    this.taken.set(runId, []);
    const ended = new Promise<void>((done, failed) => this.ended.set(runId, { done, failed }));
    const mail = { from: { name: 'Ada', address: 'ada@client.example' }, to: [], subject: 'Bench', text: 'Act.', inReplyTo: null, attachments: [] };
    await say(connectors, 'intake', inputId, [{ type: 'connectors.intake.input-received', data: { inputId, source: 'mail', via: 'operator', dataSubject, messageId: `<${runId}@x.example>`, ...mail, raw: null, trust: 'third-party-text' } }], 'connectors');
    const grant = { runId, agent: 'desk', ...this.versions, envelopeMicros: 1_000_000_000, currency: 'USD' };
    await say(governance, 'hold', runId, [{ type: 'governance.hold.granted', data: grant }], 'governance');
    await say(orchestrator, 'run', runId, [{ type: 'orchestrator.run.admitted', data: { ...grant, inputId, dataSubject } }], 'orchestrator');
    await ended;
    const taken = this.taken.get(runId) ?? [];
    this.taken.delete(runId);
    return taken;
  }

  through(connection: LogConnection): LogConnection {
    const append: LogConnection['log']['append'] = async (draft) => {
      const appended = await connection.log.append(draft);
      if (appended.outcome === 'committed') for (const event of draft.events) this.see(draft.address.key, event);
      return appended;
    };
    return { ...connection, log: { ...connection.log, append } };
  }

  private see(runId: string, { type, data }: AnyEvent): void {
    const facts = data as Record<string, never>;
    const fail = (error: unknown): void => this.ended.get(runId)?.failed(error as Error);
    if (type === 'runtime.loop.recall-requested') void say(this.played.memory, 'recall', runId, [{ type: 'memory.recall.answered', data: { recallId: facts['recallId'], facts: [], session: [], index: 'bench', asOf: [], dataSubject: 'bench' } }], 'memory').catch(fail);
    if (type === 'runtime.loop.effect-requested') this.asked.set(facts['effectId'] ?? '', performance.now());
    if (type === 'runtime.loop.effect-observed') {
      if (facts['outcome'] !== 'succeeded') fail(new Error(`an effect of the bench failed: ${JSON.stringify(data)}`));
      this.taken.get(runId)?.push(performance.now() - (this.asked.get(facts['effectId'] ?? '') ?? Number.NaN));
      this.asked.delete(facts['effectId'] ?? '');
    }
    if (type === 'runtime.loop.finished') {
      if (facts['outcome'] === 'done') this.ended.get(runId)?.done();
      else fail(new Error(`a run of the bench ended badly: ${JSON.stringify(data)}`));
    }
  }
}

/** The appends of one connection, seen by the timeline. */
function timed(timeline: Timeline, connection: LogConnection): LogConnection {
  const { log } = connection;
  return { ...connection, log: { ...log, append: (draft) => timeline.through(draft, () => log.append(draft)) } };
}

/** What the services do with the log. */
class Counts {
  private effects = 0;
  private readonly calls = new Map<string, number>();

  reset(): void {
    this.effects = 0;
    this.calls.clear();
  }

  print(name: string): void {
    const each = [...this.calls].sort().map(([call, times]) => `${call} ${(times / this.effects).toFixed(2)}`);
    process.stderr.write(`${name}: per effect, set-up of its run included: ${each.join(' · ')}\n`);
  }

  through(service: Context, connection: LogConnection): LogConnection {
    const note = (call: string): void => void this.calls.set(`${service} ${call}`, (this.calls.get(`${service} ${call}`) ?? 0) + 1);
    const { log } = connection;
    const counted: Partial<LogConnection['log']> = {
      append: (draft) => {
        note('append');
        if (draft.events.some(({ type }) => type === 'runtime.loop.effect-observed')) this.effects += 1;
        return log.append(draft);
      },
      head: (address) => (note('head'), log.head(address)),
      read: (address) => (note('read'), log.read(address)),
    };
    return { ...connection, log: { ...log, ...counted } };
  }
}

async function barePublisher(broker: TestBroker): Promise<{ append: () => Promise<unknown>; close: () => Promise<void> }> {
  const connection = await broker.connect('runtime');
  const client = jetstream(connection);
  return {
    append: () => client.publish(subjectOf('evt', { context: 'runtime', entity: 'override', key: nextKey() }), BODY, { expect: { lastSubjectSequence: 0 } }),
    close: () => connection.close(),
  };
}
