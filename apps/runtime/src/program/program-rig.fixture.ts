/** A runtime on an in-memory log with programs of the test's choice, and the operator's voice. Imported by tests only. */
import { genaiPriceBook } from '@soloist/catalog';
import type { ProgramEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type LogConnection, type MemoryLog } from '@soloist/eventlog';
import { part, runInProcess, type InProcess } from '@soloist/service';
import { ajvArgsCheck } from '../adapters/ajv.args-check.js';
import { rehearsalModel } from '../adapters/rehearsal.model.js';
import type { Rounds, RuntimePorts } from '../ports/runtime.ports.js';
import { runtimeService } from '../runtime.js';
import { ProgramRegistry, type JsonValue, type Program } from './define-program.js';

/** Commits are counted here, and connections die after so many: what a worker says of itself when it starts is none of it. */
const service = { ...runtimeService, sources: runtimeService.sources.filter(({ name }) => name !== 'register-programs') };

type Name = ProgramEvent['type'] extends `runtime.loop.${infer N}` ? N : never;

export class ProgramRig {
  readonly workers: InProcess[] = [];
  private sent = 0;

  constructor(readonly memory: MemoryLog = createMemoryLog({ streams: 1, ackWaitMs: 150 })) {}

  /** `wire` changes the connection, for instance so that it dies. */
  async worker(programs: readonly Program[], wire: (connection: LogConnection) => LogConnection = (direct) => direct, rounds?: Rounds): Promise<InProcess> {
    const ports: RuntimePorts = {
      model: rehearsalModel(),
      modelOfAlias: () => null,
      windowTokens: 1_000,
      prices: genaiPriceBook(),
      checkArgs: ajvArgsCheck(),
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 5))),
      programs: new ProgramRegistry(programs),
      ...(rounds === undefined ? {} : { rounds }),
    };
    const started = await runInProcess([part(service, wire(this.memory.connect('runtime')), { ports, close: async () => {} })]);
    // Who dies half-way never comes to rest: such a worker is left lying.
    if (wire.name !== 'dead') this.workers.push(started);
    return started;
  }

  async command(runId: string, body: Record<string, unknown>, id = derivedId('command', String((this.sent += 1)))): Promise<void> {
    await this.memory.connect('governance').log.command({ context: 'runtime', entity: 'loop', key: runId }, { id, actor: 'operator', body });
  }

  start(runId: string, program: string, input: JsonValue, version: string | null = null): Promise<void> {
    return this.command(runId, { type: 'runtime.loop.start-program', program, version, input, dataSubject: 'ada' });
  }

  tell(runId: string, name: string, payload: JsonValue, eventId = derivedId('event', String((this.sent += 1)))): Promise<void> {
    return this.command(runId, { type: 'runtime.loop.deliver-event', eventId, name, payload });
  }

  async commits(runId: string): Promise<readonly (readonly Name[])[]> {
    const commits = await this.memory.log.history({ context: 'runtime', entity: 'loop', key: runId });
    return commits.map((commit) => commit.events.map((event) => event.type.replace('runtime.loop.', '') as Name));
  }

  async data<N extends Name>(runId: string, name: N): Promise<readonly Extract<ProgramEvent, { type: `runtime.loop.${N}` }>['data'][]> {
    const commits = await this.memory.log.history({ context: 'runtime', entity: 'loop', key: runId });
    return commits.flatMap((commit) => commit.events).filter((event) => event.type === `runtime.loop.${name}`).map((event) => event.data) as never;
  }

  /** Waits until the run has so many events of a name; answers the last. */
  async until<N extends Name>(runId: string, name: N, count = 1): Promise<Extract<ProgramEvent, { type: `runtime.loop.${N}` }>['data']> {
    const deadline = performance.now() + 5_000;
    for (;;) {
      const found = await this.data(runId, name);
      const last = found[count - 1];
      if (last !== undefined) return last as never;
      if (performance.now() > deadline) throw new Error(`no ${name} within 5 s: ${JSON.stringify(await this.commits(runId))}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.stop();
  }
}

/** A connection that appends so many times, stores one more commit, and is never heard of again: a worker killed there. */
export function dyingAfter(appends: number): (connection: LogConnection) => LogConnection {
  let left = appends;
  const never = new Promise<never>(() => undefined);
  return function dead(connection) {
    const { deliveries } = connection;
    const append: LogConnection['log']['append'] = async (draft) => {
      if (left < 0) return never;
      left -= 1;
      const appended = await connection.log.append(draft);
      return left < 0 ? never : appended;
    };
    const consume: typeof deliveries.consume = (context, purpose, onDelivery) =>
      deliveries.consume(context, purpose, (delivery) => {
        if (left >= 0) onDelivery({ ...delivery, working: () => void (left >= 0 && delivery.working()), ack: async () => (left >= 0 ? delivery.ack() : never) });
      });
    return { ...connection, log: { ...connection.log, append }, deliveries: { ...deliveries, consume } };
  };
}

/** A worker whose signs of life never arrive, as while it is stopped by SIGSTOP. */
export function silentWorking(connection: LogConnection): LogConnection {
  const { deliveries } = connection;
  return {
    ...connection,
    deliveries: {
      ...deliveries,
      consume: (context, purpose, onDelivery) => deliveries.consume(context, purpose, (delivery) => onDelivery({ ...delivery, working: () => undefined })),
    },
  };
}

/** A connection that notes what is asked of the log. */
export function counting(asked: string[]): (connection: LogConnection) => LogConnection {
  return (connection) => {
    const { log } = connection;
    const noted = <Args extends unknown[], Result>(name: string, call: (...args: Args) => Result) => (...args: Args): Result => {
      asked.push(name);
      return call(...args);
    };
    const reads = { read: noted('read', log.read), head: noted('head', log.head), history: noted('history', log.history), episode: noted('episode', log.episode), commitAt: noted('commitAt', log.commitAt) };
    return { ...connection, log: { ...log, ...reads, append: noted('append', log.append), arm: noted('arm', log.arm) } };
  };
}
