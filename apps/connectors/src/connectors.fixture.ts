/** For tests: the connectors on an in-memory log, with a real post office, real files and a signing key of governance. */
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { haltKeyOfStream, streamOfKey, type AnyEvent, type ArmingEvent, type Authorization, type Context, type EffectEvent, type EffectLine, type StreamCount } from '@soloist/contracts';
import { commitIdOf, createMemoryLog, derivedId, type Commit, type LogConnection, type MemoryLog } from '@soloist/eventlog';
import { part, readConfig, runInProcess, systemClock, type InProcess, type OpenPorts } from '@soloist/service';
import { authorizationFor, newSigner, type Signer } from './authorization.fixture.js';
import { connectorsService, mailboxRoot } from './connectors.js';
import type { ConnectorsConfig } from './connectors.config.js';
import { Maildir, type StoredMail } from './connectors/mail/maildir.js';
import { messageIdOf } from './connectors/mail/mail-message.js';
import type { ConnectorsPorts } from './ports/connectors.ports.js';

const STREAMS: StreamCount = 8;

export interface Rig {
  readonly log: MemoryLog;
  readonly folder: string;
  readonly config: ConnectorsConfig;
  readonly signer: Signer;
  /** Runs the service; `connection` lets a test stand between the service and its log. */
  start(change?: { connection?: (own: LogConnection) => LogConnection; ports?: (own: ConnectorsPorts) => ConnectorsPorts; outbound?: { host: string; port: number } }): Promise<InProcess>;
  /** Writes as the owning service would. */
  write(context: Context, entity: string, key: string, ...events: readonly AnyEvent[]): Promise<Commit>;
  /** Governance's word, with the run's loop standing where it should. */
  authorize(authorization: Authorization): Promise<Commit>;
  setStop(runId: string, type: 'raised' | 'lifted', generation: number): Promise<void>;
  /** What the connectors said about a run's effects, in the order of the log, snapshots left out. */
  effects(runId: string): Promise<readonly (ArmingEvent | EffectEvent)[]>;
  table(runId: string): Promise<readonly EffectLine[]>;
  /** Waits for a number of outcomes or refusals on a run. */
  untilSettled(runId: string, outcomes?: number): Promise<readonly (ArmingEvent | EffectEvent)[]>;
  sent(authorization: Authorization): Promise<readonly StoredMail[]>;
  close(): Promise<void>;
}

export function runIdOf(name: string): string {
  return derivedId('run', name);
}

export async function openRig(): Promise<Rig> {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-connectors-'));
  await mkdir(join(folder, 'secrets'), { mode: 0o700 });
  const config = readConfig(connectorsService, { SOLOIST_DATA_DIR: folder, SOLOIST_SMTP_PORT: '0' });
  const signer = newSigner();
  await signer.writePublicKey(config.governancePublicKeyFile);
  const log = createMemoryLog({ streams: STREAMS });
  const running: InProcess[] = [];
  const write = writer(log);
  const effects: Rig['effects'] = async (runId) => {
    const commits = (await log.log.episode(runId)).filter(({ address }) => address.context === 'connectors');
    return (commits.flatMap((commit) => commit.events) as (ArmingEvent | EffectEvent)[]).filter((event) => event.type !== 'connectors.effect.snapshotted');
  };
  return {
    log,
    folder,
    config,
    signer,
    write,
    effects,
    start: async (change = {}) => {
      const own = log.connect('connectors');
      const connection = change.connection?.(own) ?? own;
      const opened: OpenPorts<ConnectorsPorts> = await connectorsService.open({ config: { ...config, outbound: change.outbound ?? null }, connection, clock: systemClock });
      const ports = change.ports?.(opened.ports) ?? opened.ports;
      const started = await runInProcess([part(connectorsService, connection, { ...opened, ports })]);
      running.push(started);
      return started;
    },
    authorize: async (authorization) => {
      await ensureLoop(log, write, authorization);
      return write('governance', 'gate', authorization.runId, { type: 'governance.gate.authorized', data: authorization });
    },
    setStop: async (runId, type, generation) => {
      const key = haltKeyOfStream(streamOfKey(runId, STREAMS), STREAMS);
      await write('governance', 'halt', key, { type: `governance.halt.${type}`, data: { generation, by: 'operator', because: 'test' } });
    },
    table: async (runId) => {
      const head = await log.log.head({ context: 'connectors', entity: 'effect', key: runId });
      const snapshot = (head?.events as readonly EffectEvent[] | undefined)?.find((event) => event.type === 'connectors.effect.snapshotted');
      return snapshot?.type === 'connectors.effect.snapshotted' ? snapshot.data.lines : [];
    },
    untilSettled: (runId, outcomes = 1) =>
      until(async () => {
        const said = await effects(runId);
        const settled = said.filter(({ type }) => !/\.(attempted|armed)$/.test(type));
        return settled.length >= outcomes ? said : null;
      }, `${outcomes} outcomes of run ${runId}`),
    sent: async ({ effectId, generation }) => (await Maildir.open(mailboxRoot(folder))).find(messageIdOf(`${effectId}-g${generation}`)),
    close: async () => {
      for (const one of running) await one.stop();
      await log.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function until<T>(look: () => Promise<T | null>, what: string): Promise<T> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > deadline) throw new Error(`${what} did not come in time`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function typesOf(events: readonly AnyEvent[]): readonly string[] {
  return events.map(({ type }) => type.slice(type.lastIndexOf('.') + 1));
}

/** A log that a test stands in front of: `before` each append of ours, and `after` it was stored. */
export function watched(own: LogConnection, hooks: { before?: (type: string) => Promise<void> | void; after?: (type: string) => Promise<void> | void }): LogConnection {
  const nameOf = (events: readonly AnyEvent[]): string => typesOf(events)[0] ?? '';
  const append: LogConnection['log']['append'] = async (draft) => {
    await hooks.before?.(nameOf(draft.events));
    const appended = await own.log.append(draft);
    if (appended.outcome === 'committed') await hooks.after?.(nameOf(draft.events));
    return appended;
  };
  return { ...own, log: { ...own.log, append } };
}

export function goodAuthorization(rig: Rig, runId: string, changed: Partial<Authorization> = {}): Authorization {
  return rig.signer.sign(authorizationFor(runId, changed));
}

function writer(log: MemoryLog): Rig['write'] {
  return async (context, entity, key, ...events) => {
    const own = log.connect(context).log;
    const address = { context, entity, key };
    const head = await own.head(address);
    const appended = await own.append({
      address,
      id: commitIdOf(`test-${head?.position.sequence ?? 0}`, events[0]?.type ?? '', key),
      cause: null,
      actor: context,
      policy: null,
      at: new Date().toISOString(),
      traceparent: null,
      events,
      after: head === null ? null : { sequence: head.position.sequence, hash: head.hash, from: head.from },
      snapshot: false,
    });
    if (appended.outcome !== 'committed') throw new Error(`${entity}: ${appended.outcome}`);
    return appended.commit;
  };
}

export function claimed(runId: string, epoch: number): AnyEvent {
  return {
    type: 'runtime.loop.claimed',
    data: { runId, epoch, inputId: 'input-1', agent: 'client-desk', definitionVersion: 'd'.repeat(16), envelopeMicros: 1_000, currency: 'USD', dataSubject: 'someone' },
  };
}

async function ensureLoop(log: MemoryLog, write: Rig['write'], { runId }: Authorization): Promise<void> {
  if ((await log.log.head({ context: 'runtime', entity: 'loop', key: runId })) === null) await write('runtime', 'loop', runId, claimed(runId, 1));
}
