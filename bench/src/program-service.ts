/** The real runtime service, on a real broker, with the programs of a bench; and the operator who starts their runs. */
import { genaiPriceBook } from '@soloist/catalog';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { ajvArgsCheck, ProgramRegistry, rehearsalModel, runtimeService, type Program, type RuntimePorts } from '@soloist/runtime';
import { part, runInProcess } from '@soloist/service';
import type { TestBroker } from '@soloist/testing';

export interface ProgramService {
  /** Starts a run and waits for its commit with this event. */
  run(program: Program, until: 'runtime.loop.program-ended' | 'runtime.loop.program-suspended'): Promise<void>;
  stop(): Promise<void>;
}

export async function startProgramService(broker: TestBroker, programs: readonly Program[]): Promise<ProgramService> {
  const connect = (service: 'runtime' | 'governance'): Promise<LogConnection> =>
    connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: broker.streams, keys: broker.keys, name: `bench ${service}` });
  const [runtime, operator] = await Promise.all([connect('runtime'), connect('governance')]);
  const waiting = new Map<string, { readonly type: string; readonly resolve: () => void }>();
  const append: LogConnection['log']['append'] = async (draft) => {
    const appended = await runtime.log.append(draft);
    const wanted = waiting.get(draft.address.key);
    if (wanted !== undefined && appended.outcome === 'committed' && draft.events.some(({ type }) => type === wanted.type)) {
      waiting.delete(draft.address.key);
      wanted.resolve();
    }
    return appended;
  };
  const service = await runInProcess([part(runtimeService, { ...runtime, log: { ...runtime.log, append } }, { ports: ports(programs), close: async () => {} })]);
  return {
    run: async ({ name, version }, type) => {
      const runId = nextRun();
      const arrived = new Promise<void>((resolve) => waiting.set(runId, { type, resolve }));
      const body = { type: 'runtime.loop.start-program', program: name, version, input: null, dataSubject: 'bench' };
      await operator.log.command({ context: 'runtime', entity: 'loop', key: runId }, { id: derivedId('bench-command', runId), actor: 'bench', body });
      await arrived;
    },
    stop: async () => {
      await service.stop();
      await Promise.all([runtime.close(), operator.close()]);
    },
  };
}

let made = 0;
function nextRun(): string {
  made += 1;
  return derivedId('bench-program', String(process.pid), String(made));
}

function ports(programs: readonly Program[]): RuntimePorts {
  return { model: rehearsalModel(), modelOfAlias: () => null, windowTokens: 1_000, prices: genaiPriceBook(), checkArgs: ajvArgsCheck(), pause: async () => {}, programs: new ProgramRegistry([...programs]) };
}
