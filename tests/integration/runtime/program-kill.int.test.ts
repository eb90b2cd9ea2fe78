/** Processes that run a program on a real broker, killed at labelled points between two durable actions. */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProgramEvent } from '@soloist/contracts';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DEADLINE_MS = 60_000;

let broker: TestBroker;
let governance: LogConnection;
let folder: string;

beforeAll(async () => {
  broker = await startBroker({ streams: 1 });
  folder = mkdtempSync(join(tmpdir(), 'soloist-program-'));
  governance = await connectLog({ servers: broker.url, seedFile: broker.seedFile('governance'), service: 'governance', streams: 1, keys: broker.keys, name: 'test governance' });
}, 60_000);

afterAll(async () => {
  await governance?.close();
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function startWorker(plan: string, notes: string): { readonly process: ChildProcess; readonly ended: Promise<NodeJS.Signals | number | null> } {
  const child = fork(fileURLToPath(new URL('./program-worker.fixture.ts', import.meta.url)), [broker.url, broker.seedFile('runtime'), broker.keepFolder, notes], {
    cwd: ROOT,
    execArgv: ['--conditions=@soloist/source', '--import', './tools/register.mjs'],
    env: { ...process.env, SOLOIST_CRASH_PLAN: plan },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return { process: child, ended: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code))) };
}

async function eventsOf(runId: string): Promise<readonly ProgramEvent[]> {
  const commits = await governance.log.history({ context: 'runtime', entity: 'loop', key: runId });
  return commits.flatMap((commit) => commit.events) as readonly ProgramEvent[];
}

async function untilEnded(runId: string): Promise<readonly ProgramEvent[]> {
  for (const deadline = Date.now() + DEADLINE_MS; ; ) {
    const events = await eventsOf(runId);
    if (events.some((event) => event.type === 'runtime.loop.program-ended')) return events;
    if (Date.now() > deadline) throw new Error(`run ${runId} did not end: ${JSON.stringify(events.map((event) => event.type))}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('a worker that is killed while it runs a program', () => {
  const labels = ['claimed:step', 'acted:step', 'before:runtime.loop.program:1:1:2', 'after:runtime.loop.program:1:1:3', 'armed:program', 'before-ack:runtime.loop'];
  it.each(labels)('[G10] [G19] at %s: another ends the run, each step is recorded once, the timer fires once', async (label) => {
    const runId = derivedId('program-kill', label);
    const [plan, notes] = [join(folder, `${runId}.plan`), join(folder, `${runId}.notes`)];
    writeFileSync(plan, label);
    const first = startWorker(plan, notes);
    const command = { id: derivedId('command', runId), actor: 'operator', body: { type: 'runtime.loop.start-program', program: 'kill', version: '1', input: null, dataSubject: 'ada' } };
    await governance.log.command({ context: 'runtime', entity: 'loop', key: runId }, command);
    expect(await first.ended).toBe('SIGKILL');
    const second = startWorker(plan, notes);
    try {
      const events = await untilEnded(runId);
      const of = <T extends ProgramEvent['type']>(type: T) => events.filter((event): event is Extract<ProgramEvent, { type: T }> => event.type === type);
      expect(of('runtime.loop.program-ended').map((event) => event.data.outcome)).toEqual(['done']);
      expect(of('runtime.loop.step-completed').map((event) => event.data.path).sort()).toEqual(['1', '2.0.1', '2.1.1', '4']);
      expect(of('runtime.loop.timer-fired')).toHaveLength(1);
      const epochs = of('runtime.loop.program-claimed').map((event) => event.data.epoch);
      expect(epochs).toEqual(epochs.map((_, index) => index + 1));
      const calls = readFileSync(notes, 'utf8').trim().split('\n');
      // Claimed and not recorded: that, and nothing else, may run again. Two steps lie side by side at most.
      expect(calls.length).toBeGreaterThanOrEqual(4);
      expect(calls.length).toBeLessThanOrEqual(6);
      expect(calls.filter((call) => call.endsWith('four')).length).toBeLessThanOrEqual(label === 'before-ack:runtime.loop' ? 1 : 2);
    } finally {
      second.process.kill('SIGKILL');
      await second.ended;
    }
  }, 120_000);
});
