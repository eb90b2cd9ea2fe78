/** A recorded run of a program, replayed with the credential that may publish nothing. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { replayProgram, type ReplayReport } from '@soloist/host';
import { openPorts, ProgramRegistry, RuntimeConfig, runtimeService, type Program } from '@soloist/runtime';
import { part, runInProcess, type InProcess } from '@soloist/service';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SOURCE = (extra: string): string => `
const run = async (context) => {
  const one = await context.step('one', () => { process.stderr.write('ACTED'); return 1; }, { args: 'a' });
  ${extra}
  await context.sleep(20);
  return [one, await context.step('two', () => 2)];
};
export const programs = [{ name: 'told', version: '1', run }];
`;
const DEADLINE_MS = 30_000;

let broker: TestBroker;
let folder: string;
let governance: LogConnection;
let worker: InProcess;
const runId = derivedId('test-program', 'replayed');

async function moduleOf(name: string, extra: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, SOURCE(extra));
  return file;
}

async function replay(programs: string): Promise<ReplayReport> {
  const connection = await connectLog({ servers: broker.url, seedFile: broker.seedFile('replay'), service: 'replay', streams: 1, keys: broker.keys, name: 'test replay' });
  try {
    const report = await replayProgram(connection.log, runId, { SOLOIST_PROGRAMS: programs });
    if (report === null) throw new Error('taken for no run of a program');
    return report;
  } finally {
    await connection.close();
  }
}

beforeAll(async () => {
  broker = await startBroker({ streams: 1 });
  folder = await mkdtemp(join(tmpdir(), 'soloist-program-replay-'));
  const connect = (service: 'governance' | 'runtime') => connectLog({ servers: broker.url, seedFile: broker.seedFile(service), service, streams: 1, keys: broker.keys, name: `test ${service}` });
  governance = await connect('governance');
  const { programs } = (await import(pathToFileURL(await moduleOf('recorded.mjs', '')).href)) as { programs: readonly Program[] };
  worker = await runInProcess([part(runtimeService, await connect('runtime'), { ports: { ...openPorts(RuntimeConfig.parse({})), programs: new ProgramRegistry(programs) }, close: async () => {} })]);
  const body = { type: 'runtime.loop.start-program', program: 'told', version: '1', input: null, dataSubject: 'somebody' };
  await governance.log.command({ context: 'runtime', entity: 'loop', key: runId }, { id: derivedId('test-command', runId), actor: 'test', body });
  for (const deadline = Date.now() + DEADLINE_MS; ; ) {
    const commits = await governance.log.history({ context: 'runtime', entity: 'loop', key: runId });
    if (commits.at(-1)?.events.at(-1)?.type === 'runtime.loop.program-ended') break;
    if (Date.now() > deadline) throw new Error('the run did not end');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}, 60_000);

afterAll(async () => {
  await worker?.stop();
  await governance?.close();
  await broker?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a replay of a program', () => {
  it('[G14] makes each call of the record again, asks nobody and writes nothing', async () => {
    const before = await governance.log.lastSequence(0);
    const report = await replay(await moduleOf('same.mjs', ''));
    expect(report).toMatchObject({ commits: 4, decisionsEqual: 4, divergences: [], modelCalls: 0, effects: 0 });
    expect(report.steps.map(({ type }) => type)).toContain('runtime.loop.step-completed');
    expect(await governance.log.lastSequence(0)).toBe(before);
  });

  it('[G14] of changed code says where it differs, with both sides', async () => {
    const report = await replay(await moduleOf('changed.mjs', `await context.step('between', () => 0);`));
    expect(report.decisionsEqual).toBe(0);
    expect(report.divergences).toMatchObject([{ delivery: 'history 1, call 2', recorded: { kind: 'timer', name: 'sleep' }, replayed: { kind: 'step', name: 'between' } }]);
  });

  it('without the program says that it needs it', async () => {
    const file = join(folder, 'none.mjs');
    await writeFile(file, 'export const programs = [];');
    expect((await replay(file)).divergences).toMatchObject([{ because: expect.stringContaining('told 1') as string }]);
  });
});
