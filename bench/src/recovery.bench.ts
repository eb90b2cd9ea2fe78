/**
 * `recovery`: how much longer a run takes whose worker is killed with SIGKILL in the middle of a step, a second worker
 * standing by, than one that nobody kills, side by side on one broker. What a run bought is counted by the seller: an
 * answer that was on record and is bought again is a defect; the one under way at the kill may be bought twice.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { connectLog, derivedId, type LogConnection } from '@soloist/eventlog';
import { startBroker, type TestBroker } from '@soloist/testing';
import { figureOf, median, type Figure, type Round } from './figure.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROUNDS = 9;
const ANSWER_AFTER_MS = 60;
const KILLED_AT_STEP = 5;
const LONGEST_MS = 30_000;

export async function benchRecovery(): Promise<readonly Figure[]> {
  const broker = await startBroker({ streams: 8 });
  const seller = await Seller.open();
  const operator = await connectLog({ servers: broker.url, seedFile: broker.seedFile('governance'), service: 'governance', streams: broker.streams, keys: broker.keys, name: 'bench operator' });
  const workers = new Workers(broker, seller.url);
  const tally = { lost: 0, boughtAgain: 0, inFlightTwice: 0 };
  const rounds: Round[] = [];
  try {
    await workers.fill();
    await timed(operator, seller, 'warm-up', null);
    for (let round = 0; round < ROUNDS; round += 1) {
      await workers.fill();
      const calm = await timed(operator, seller, `calm ${round}`, null);
      const killed = await timed(operator, seller, `killed ${round}`, (pid) => workers.kill(pid));
      for (const { bought } of [calm, killed]) {
        if (bought === null) tally.lost += 1;
        const again = [...(bought ?? new Map<number, number>())].filter(([, times]) => times > 1);
        for (const [step, times] of again) {
          const isInFlight = bought === killed.bought && step === KILLED_AT_STEP && times === 2;
          if (isInFlight) tally.inFlightTwice += 1;
          else tally.boughtAgain += 1;
        }
      }
      rounds.push({ limit: calm.ms, value: killed.ms });
    }
  } finally {
    await workers.stop();
    await operator.close();
    await seller.close();
    await broker.stop();
  }
  const extra = rounds.map(({ value, limit }) => value - limit);
  const spread = `${Math.min(...extra).toFixed(0)}–${Math.max(...extra).toFixed(0)}`;
  process.stderr.write(`recovery: ${median(extra).toFixed(0)} ms more than without a kill (${spread}); ${tally.lost} runs lost; ${tally.boughtAgain} recorded answers bought again; ${tally.inFlightTwice} of ${ROUNDS} answers under way bought twice\n`);
  return [figureOf('recovery', 'ms', rounds), extraOf(extra)];
}

/** In milliseconds, beside the second that a killed worker may cost. */
function extraOf(extra: readonly number[]): Figure {
  return figureOf('recovery-extra', 'ms', extra.map((value) => ({ value, limit: 1_000 })));
}

/** Starts one run and waits for its end. `bought`: how often each step was bought; null when the run never ended. */
async function timed(operator: LogConnection, seller: Seller, name: string, kill: ((pid: number) => void) | null): Promise<{ ms: number; bought: ReadonlyMap<number, number> | null }> {
  const runId = derivedId('recovery', String(process.pid), name);
  const started = performance.now();
  seller.onAsked = (of, step, pid) => {
    if (kill === null || of !== runId || step !== KILLED_AT_STEP) return;
    seller.onAsked = () => {};
    kill(pid);
  };
  const body = { type: 'runtime.loop.start-program', program: 'recovery', version: '1', input: null, dataSubject: 'bench' };
  await operator.log.command({ context: 'runtime', entity: 'loop', key: runId }, { id: derivedId('recovery-command', runId), actor: 'bench', body });
  const isOver = await ended(operator, runId, started);
  return { ms: performance.now() - started, bought: isOver ? (seller.sold.get(runId) ?? new Map<number, number>()) : null };
}

async function ended(operator: LogConnection, runId: string, started: number): Promise<boolean> {
  while (performance.now() - started < LONGEST_MS) {
    const head = await operator.log.head({ context: 'runtime', entity: 'loop', key: runId });
    if (head?.events.some(({ type }) => type === 'runtime.loop.program-ended') === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return false;
}

/** Sells answers, each a moment after it was asked for. */
class Seller {
  readonly sold = new Map<string, Map<number, number>>();
  onAsked: (runId: string, step: number, pid: number) => void = () => {};

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(): Promise<Seller> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const seller = new Seller(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const [, runId = '', step = '', pid = ''] = (request.url ?? '').split('/');
      const bought = seller.sold.get(runId) ?? new Map<number, number>();
      seller.sold.set(runId, bought.set(Number(step), (bought.get(Number(step)) ?? 0) + 1));
      seller.onAsked(runId, Number(step), Number(pid));
      setTimeout(() => response.end('bought'), ANSWER_AFTER_MS);
    });
    return seller;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** Two of them, whenever a round begins. */
class Workers {
  private readonly running = new Map<number, ChildProcess>();

  constructor(
    private readonly broker: TestBroker,
    private readonly seller: string,
  ) {}

  async fill(): Promise<void> {
    while (this.running.size < 2) {
      const worker = fork(fileURLToPath(new URL('./recovery.worker.ts', import.meta.url)), [this.broker.url, this.broker.seedFile('runtime'), this.broker.keepFolder, this.seller], {
        cwd: ROOT,
        execArgv: ['--conditions=@soloist/source', '--import', './tools/register.mjs'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      await new Promise<void>((ready, failed) => {
        worker.once('message', () => ready());
        worker.once('exit', (code, signal) => failed(new Error(`a worker ended before it was ready: ${code ?? signal}`)));
      });
      this.running.set(worker.pid ?? 0, worker);
    }
  }

  kill(pid: number): void {
    this.running.get(pid)?.kill('SIGKILL');
    this.running.delete(pid);
  }

  async stop(): Promise<void> {
    for (const worker of this.running.values()) worker.disconnect();
    this.running.clear();
  }
}
