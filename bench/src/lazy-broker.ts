/**
 * Fills a broker quickly: the log's own nats-server is ended, another one on the same store and port syncs lazily while
 * it is filled, and then the real one takes over again. What is measured afterwards is measured on the real one.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { headers as newHeaders, type NatsConnection } from '@nats-io/nats-core';
import { subjectOf, type Address } from '@soloist/contracts';
import { derivedId } from '@soloist/eventlog';
import { findBrokerBinary, healthOf } from '@soloist/eventlog/broker';
import type { TestBroker } from '@soloist/testing';

const START_WITHIN_MS = 60_000;
/** Far below the broker's own queue of 10,000, above which it drops what nobody waits for. */
const WAVE = 2_000;
const COMMITS_OF_A_RUN = 50;
/** The five subjects of a run, in the order its commits take turns: most of them are the loop's. */
const ENTITIES: readonly Omit<Address, 'key'>[] = [
  { context: 'orchestrator', entity: 'run' },
  { context: 'runtime', entity: 'loop' },
  { context: 'governance', entity: 'hold' },
  { context: 'governance', entity: 'gate' },
  { context: 'connectors', entity: 'effect' },
];
const RUNS_AT_ONCE = 16;
/** With its headers about the size of a step's commit. */
const BODY = new Uint8Array(Buffer.from('x'.repeat(550)));

export async function whileLazy<T>(broker: TestBroker, work: () => Promise<T>): Promise<T> {
  await end(broker.pid);
  const folder = join(broker.folder, 'broker');
  const file = join(folder, 'lazy.conf');
  const conf = await readFile(join(folder, 'nats.conf'), 'utf8');
  if (!conf.includes('sync_interval: always')) throw new Error('the configuration of the broker does not say how it syncs');
  await writeFile(file, conf.replace('sync_interval: always', 'sync_interval: "10m"'), { mode: 0o600 });
  const lazy = spawn(await findBrokerBinary(), ['-c', file], { stdio: 'ignore' });
  const ended = once(lazy, 'exit');
  const kill = (): void => void lazy.kill('SIGKILL');
  process.once('exit', kill);
  try {
    await untilHealthy(broker.healthUrl);
    return await work();
  } finally {
    lazy.kill('SIGINT');
    await ended;
    process.off('exit', kill);
    await broker.restart();
  }
}

/** As it ends at a shutdown: killed, it would read the whole store again at the next start. */
async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGINT');
  const deadline = performance.now() + START_WITHIN_MS;
  while (isAlive(pid)) {
    if (performance.now() > deadline) throw new Error(`the broker, process ${pid}, does not end`);
    await pause(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function untilHealthy(url: string): Promise<void> {
  const deadline = performance.now() + START_WITHIN_MS;
  while (!(await healthOf(url)).isHealthy) {
    if (performance.now() > deadline) throw new Error(`the lazy broker is not healthy after ${START_WITHIN_MS} ms`);
    await pause(20);
  }
}

/** Messages of others: runs of 50 commits over 5 subjects, 16 runs at a time. They only have to be there. */
export class Others {
  private made = 0;
  private sent = 0;
  private readonly runs: string[] = [];
  private readonly headers = newHeaders();

  constructor(private readonly connection: NatsConnection) {
    // The bytes of a commit's headers; nobody reads them.
    this.headers.set('Soloist-Commit', 'c'.repeat(32));
    this.headers.set('Soloist-Types', 'runtime.loop.model-answered.v1,runtime.loop.effect-requested.v1');
    this.headers.set('Soloist-Prev', 'a'.repeat(64));
    this.headers.set('Soloist-At', '2026-01-01T00:00:00.000Z');
    this.headers.set('Soloist-Actor', 'runtime');
  }

  /** Waits for one answer in each wave: one connection is served in order, so the others are stored before it. */
  async add(count: number): Promise<void> {
    let before: Promise<unknown> = Promise.resolve();
    for (let left = count; left > 0; left -= WAVE) {
      for (let index = Math.min(WAVE, left); index > 1; index -= 1) this.connection.publish(this.nextSubject(), BODY, { headers: this.headers });
      const answer = this.connection.request(this.nextSubject(), BODY, { headers: this.headers, timeout: START_WITHIN_MS });
      await before;
      before = answer;
    }
    await before;
  }

  private nextSubject(): string {
    const turn = this.sent;
    this.sent += 1;
    const lane = turn % RUNS_AT_ONCE;
    const step = Math.floor(turn / RUNS_AT_ONCE) % COMMITS_OF_A_RUN;
    if (step === 0) this.runs[lane] = this.nextRun();
    const entity = ENTITIES[step < ENTITIES.length ? step : step % 2] as Omit<Address, 'key'>;
    return subjectOf('evt', { ...entity, key: this.runs[lane] as string });
  }

  private nextRun(): string {
    this.made += 1;
    return derivedId('bench-others', String(process.pid), String(this.made));
  }
}
