/** Memory as it runs, on a log of choice and a real PostgreSQL; the other services' facts are appended by hand. */
import { setTimeout as delay } from 'node:timers/promises';
import { subjectOf, type AnyEvent, type Context, type RecalledFact, type RecallEvent, type StreamCount } from '@soloist/contracts';
import { commitIdOf, connectLog, createMemoryLog, derivedId, type Commit, type LogConnection, type MemoryFaults, type MemoryKeyTable } from '@soloist/eventlog';
import { memoryService, statementsIn } from '@soloist/memory';
import { openFactRows } from '@soloist/memory/fact-rows';
import { part, readConfig, runInProcess, systemClock, type InProcess, type PostgresProjectionStore, type TableChecksum } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { startBroker } from '@soloist/testing';
import { CLIENTS, type FixtureMail } from './client-mails.fixture.js';

export const STREAMS: StreamCount = 4;

export interface LogUnderTest {
  connect(service: Context): Promise<LogConnection>;
  stop(): Promise<void>;
}

export function memoryLog(options: { faults?: MemoryFaults; keys?: MemoryKeyTable; ackWaitMs?: number } = {}): LogUnderTest {
  const log = createMemoryLog({ streams: STREAMS, ...options });
  return { connect: async (service) => log.connect(service), stop: () => log.close() };
}

export async function jetStreamLog(): Promise<LogUnderTest> {
  const broker = await startBroker({ streams: STREAMS });
  const open: LogConnection[] = [];
  return {
    connect: async (service) => {
      const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: STREAMS, keys: broker.keys, name: `test-${service}` });
      open.push(connection);
      return connection;
    },
    stop: async () => {
      for (const connection of open) await connection.close();
      await broker.stop();
    },
  };
}

export interface Answer {
  readonly facts: readonly RecalledFact[];
  readonly session: readonly { readonly role: string; readonly text: string }[];
  readonly commit: Commit;
}

export class MemoryRig {
  private running: InProcess | null = null;
  private readonly connections = new Map<Context, LogConnection>();
  private sent = 0;
  private stated = 0;
  private appended = 0;

  constructor(
    private readonly log: LogUnderTest,
    private readonly postgresUrl: string,
    readonly schema: string,
  ) {}

  /** Starts memory as production does: configuration, ports, projections, reactors. */
  async start(): Promise<void> {
    const environment = { SOLOIST_POSTGRES_URL: this.postgresUrl, SOLOIST_MEMORY_SCHEMA: this.schema, SOLOIST_POSTGRES_WAIT_MS: '20000' };
    const connection = await this.as('memory');
    const config = readConfig(memoryService, environment);
    const opened = await memoryService.open({ config, connection, clock: systemClock });
    try {
      const logger = silentLogger;
      this.running = await runInProcess([part(memoryService, connection, opened)], { logger });
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    const running = this.running;
    this.running = null;
    await running?.stop();
  }

  async as(service: Context): Promise<LogConnection> {
    const known = this.connections.get(service);
    if (known !== undefined) return known;
    const connection = await this.log.connect(service);
    this.connections.set(service, connection);
    return connection;
  }

  async subjectOf(client: string): Promise<string> {
    return (await this.as('connectors')).keys.subjectFor(clientOf(client).address);
  }

  async receive(mail: FixtureMail, more: { trust?: string } = {}): Promise<Commit> {
    this.sent += 1;
    this.stated += statementsIn(mail.text).length;
    const messageId = `<${this.sent}.${this.schema}@mail.example>`;
    const inputId = derivedId('mail', messageId);
    return this.append('connectors', 'intake', inputId, messageId, [
      {
        type: 'connectors.intake.input-received',
        data: {
          inputId,
          source: 'mail',
          via: 'operator',
          dataSubject: await this.subjectOf(mail.client),
          messageId,
          from: clientOf(mail.client),
          to: [{ name: 'Sam Sommer', address: 'sam@studio.example' }],
          subject: mail.subject,
          text: mail.text,
          inReplyTo: null,
          attachments: [],
          raw: null,
          trust: more.trust ?? 'third-party-text',
        },
      },
    ]);
  }

  /** A run, triggered by a mail, asks memory. */
  async ask(client: string, question: string, more: { limit?: number; inputId?: string; run?: string; agent?: string } = {}): Promise<{ runId: string; request: Commit }> {
    const inputId = more.inputId ?? derivedId('mail', `none of ${question}`);
    const runId = more.run ?? derivedId('run', inputId, question);
    const dataSubject = await this.subjectOf(client);
    const request = await this.append('runtime', 'loop', runId, question, [
      {
        type: 'runtime.loop.claimed',
        data: { runId, epoch: 1, inputId, agent: more.agent ?? 'client-desk', definitionVersion: '0'.repeat(16), envelopeMicros: 0, currency: 'USD', dataSubject },
      },
      { type: 'runtime.loop.recall-requested', data: { recallId: `${runId.slice(0, 24)}-r1`, query: question, limit: more.limit ?? 8, inputId, dataSubject } },
    ]);
    return { runId, request };
  }

  async answer(runId: string): Promise<Answer> {
    const { log } = await this.as('memory');
    const commit = await eventually(`recall of ${runId}`, () => log.head({ context: 'memory', entity: 'recall', key: runId }));
    const [event] = commit.events as RecallEvent[];
    if (event === undefined) throw new Error('an answer without event');
    return { facts: event.data.facts, session: event.data.session, commit };
  }

  async askAndRead(client: string, question: string, more: Parameters<MemoryRig['ask']>[2] = {}): Promise<Answer> {
    return this.answer((await this.ask(client, question, more)).runId);
  }

  async append(service: Context, entity: string, key: string, seed: string, events: readonly AnyEvent[]): Promise<Commit> {
    const { log } = await this.as(service);
    const address = { context: service, entity, key };
    const head = await log.head(address);
    const appended = await log.append({
      address,
      id: commitIdOf(seed, 'test', subjectOf('evt', address)),
      cause: null,
      actor: service,
      policy: null,
      at: new Date(Date.UTC(2026, 0, 1, 8, 0, (this.appended += 1))).toISOString(),
      traceparent: null,
      events,
      after: head === null ? null : { sequence: head.position.sequence, hash: head.hash, from: head.from },
      snapshot: false,
    });
    if (appended.outcome === 'conflict') throw new Error(`conflict on ${entity} ${key}`);
    return appended.commit;
  }

  /** All of memory's facts, as the log tells. */
  async factsOnLog(): Promise<readonly Commit[]> {
    const { log } = await this.as('memory');
    const commits: Commit[] = [];
    for (let stream = 0; stream < log.streams; stream += 1) commits.push(...(await log.readAfter(stream, 0, 100_000)));
    return commits.filter(({ address }) => address.context === 'memory' && address.entity === 'fact');
  }

  /** Waits until every received statement is a fact, and there are no others. */
  async settled(): Promise<number> {
    await eventually('facts', async () => ((await this.factsOnLog()).length >= this.stated ? true : null));
    const facts = await this.factsOnLog();
    if (facts.length !== this.stated) throw new Error(`${this.stated} statements became ${facts.length} facts`);
    return facts.length;
  }

  /** Waits until everything is projected, then sums up the tables. */
  async checksums(): Promise<readonly TableChecksum[]> {
    const { log } = await this.as('memory');
    const store = await this.openStore();
    try {
      for (let stream = 0; stream < log.streams; stream += 1) {
        await eventually(`projection of stream ${stream}`, async () => {
          const last = await log.lastSequence(stream);
          return (await store.position(stream)).sequence >= last ? true : null;
        });
      }
      return await store.checksums();
    } finally {
      await store.close();
    }
  }

  async openStore(): Promise<PostgresProjectionStore> {
    return (await openFactRows({ url: this.postgresUrl, schema: this.schema, connectWithinMs: 20_000, logger: silentLogger })).store;
  }
}

function clientOf(client: string): { name: string; address: string } {
  const known = CLIENTS[client];
  if (known === undefined) throw new Error(`no client ${client}`);
  return known;
}

export async function eventually<T>(what: string, look: () => Promise<T | null>, withinMs = 20_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (performance.now() > deadline) throw new Error(`${what} did not come within ${withinMs} ms`);
    await delay(20);
  }
}
