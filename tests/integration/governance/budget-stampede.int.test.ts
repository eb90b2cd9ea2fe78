/**
 * Five hundred runs at once against a company that may spend 1.00: governance and runtime in two processes each, all of
 * which lose their connection just before or just after an append again and again, as a process does that dies there.
 * The provider is an HTTP server with a book of its own.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AgentDefinition, type AnyEvent, type BudgetEvent, type HoldEvent, type LoopEvent } from '@soloist/contracts';
import { createMemoryLog, derivedId, type LogConnection, type MemoryLog } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory, type Catalog } from '@soloist/governance';
import { Fault } from '@soloist/kernel';
import { openPorts, runtimeService } from '@soloist/runtime';
import { part, readConfig, runInProcess } from '@soloist/service';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalog, desk, say } from './company.fixture.js';

const RUNS = 500;
const LIMIT_MICROS = 1_000_000;
/** A hundred envelopes fill the day; what a run leaves over lets others in. */
const PER_RUN_MICROS = 10_000;
const MODEL = 'acme-1';
const INPUT_MICROS = 8;
const OUTPUT_MICROS = 20;
/** One append in so many is hit. */
const EVERY = 17;

/** What the provider will send an invoice for. */
const book = { calls: 0, micros: 0, atOnce: 0, mostAtOnce: 0 };
let provider: Server;
let log: MemoryLog;

beforeAll(async () => {
  provider = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      book.calls += 1;
      book.atOnce += 1;
      book.mostAtOnce = Math.max(book.mostAtOnce, book.atOnce);
      const usage = { prompt_tokens: 50 + (book.calls % 40), completion_tokens: 10 + (book.calls % 30) };
      book.micros += usage.prompt_tokens * INPUT_MICROS + usage.completion_tokens * OUTPUT_MICROS;
      // Charged, and every seventh time the answer is lost.
      const isLost = book.calls % 7 === 0;
      setTimeout(() => {
        book.atOnce -= 1;
        if (isLost) {
          request.socket.destroy();
          return;
        }
        const message = { role: 'assistant', content: 'Done.' };
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: MODEL, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
      }, 20);
    });
  });
  await new Promise<void>((listening) => provider.listen(0, '127.0.0.1', listening));
  log = createMemoryLog({ streams: 8 });
});
afterAll(async () => {
  provider.closeAllConnections();
  await new Promise((closed) => provider.close(closed));
  await log.close();
});

let appends = 0;
const hits = { before: 0, after: 0 };
/** A connection that is lost just before or just after what is written is on the log. */
function frail(own: LogConnection): LogConnection {
  const append: LogConnection['log']['append'] = async (draft) => {
    appends += 1;
    const turn = appends % (2 * EVERY);
    if (turn === 0) {
      hits.before += 1;
      throw new Fault('transient', 'test.gone', 'the process is gone before it wrote', { retryAfterMs: 10 });
    }
    const appended = await own.log.append(draft);
    if (turn !== EVERY) return appended;
    hits.after += 1;
    throw new Fault('transient', 'test.gone', 'the process is gone after it wrote', { retryAfterMs: 10 });
  };
  return { ...own, log: Object.assign(Object.create(own.log) as typeof own.log, { append }) };
}

it('[G11] [O4] 500 runs at once on a limit of 1.00, with processes that die: no prefix of the log passes it, nor does the bill of the provider', async () => {
  const definition = AgentDefinition.parse({ ...desk, model: { alias: 'default', maxOutputTokens: 100 }, actions: [], memory: { recallLimit: 0 }, budget: { perRunMicros: PER_RUN_MICROS } });
  const terms: Catalog = { ...catalog, agents: [{ name: 'desk', version: 'a'.repeat(16), definition, origin: 'test' }], companyDayLimit: { micros: LIMIT_MICROS, currency: 'USD' } };
  const config = readConfig(runtimeService, {
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`,
    SOLOIST_MODEL: MODEL,
    SOLOIST_MODEL_PRICES: JSON.stringify({ [MODEL]: { inputMicrosPerMillion: INPUT_MICROS * 1_000_000, outputMicrosPerMillion: OUTPUT_MICROS * 1_000_000 } }),
  });
  const first = openGovernanceInMemory(log.connect('governance'), terms);
  const start = await runInProcess([part(governanceService, log.connect('governance'), first.opened)]);
  const parts = [1, 2].flatMap(() => {
    const governance = frail(log.connect('governance'));
    const runtime = frail(log.connect('runtime'));
    const ports = { ...openPorts(config), pause: () => Promise.resolve() };
    return [part({ ...governanceService, sources: [] }, governance, openGovernanceInMemory(governance, terms).opened), part(runtimeService, runtime, { ports, close: () => Promise.resolve() })];
  });
  const running = await runInProcess(parts);
  const ends = await Promise.all(Array.from({ length: RUNS }, (_, number) => play(derivedId('run', `stampede-${number}`))));
  await seen('governance', 'budget', 'company', (events) => settledIn(events as readonly BudgetEvent[]) === ends.filter((end) => end !== 'not granted').length);
  await running.stop();
  await start.stop();

  const most = mostCommitted(await ledger());
  const counts = { granted: ends.filter((end) => end !== 'not granted').length, notGranted: ends.filter((end) => end === 'not granted').length, done: ends.filter((end) => end === 'done').length };
  process.stdout.write(`${JSON.stringify({ ...counts, ...most, billMicros: book.micros, calls: book.calls, mostAtOnce: book.mostAtOnce, ...hits })}\n`);
  expect(most.mostCommitted).toBeLessThanOrEqual(LIMIT_MICROS);
  expect(book.micros).toBeLessThanOrEqual(most.settledMicros);
  // Otherwise nothing was tried: the limit was reached, runs ended well, answers were lost, and processes died.
  expect(most.mostCommitted).toBeGreaterThan(LIMIT_MICROS * 0.9);
  expect(Math.min(counts.notGranted, counts.done, hits.before, hits.after)).toBeGreaterThan(10);
}, 600_000);

/** Plays orchestrator and memory for one run. */
async function play(runId: string): Promise<string> {
  const inputId = derivedId('input', runId);
  const dataSubject = 'subject-1';
  const input = { inputId, source: 'mail' as const, via: 'test', dataSubject, messageId: `<${runId}@client.example>`, from: { name: '', address: 'jane@client.example' }, to: [], subject: 'Rate', text: 'Which rate?', inReplyTo: null, attachments: [], raw: null, trust: 'third-party-text' as const };
  await say(log, 'connectors', 'intake', inputId, { type: 'connectors.intake.input-received', data: input });
  await say(log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.requested', data: { runId, inputId, agent: 'desk', dataSubject } });
  const [hold] = (await seen('governance', 'hold', runId, (events) => events.length > 0)) as readonly HoldEvent[];
  if (hold?.type !== 'governance.hold.granted') return 'not granted';
  const { definitionVersion, policyVersion, envelopeMicros, currency } = hold.data;
  await say(log, 'orchestrator', 'run', runId, { type: 'orchestrator.run.admitted', data: { runId, inputId, agent: 'desk', definitionVersion, policyVersion, envelopeMicros, currency, dataSubject } });
  const begun = (await seen('runtime', 'loop', runId, (events) => events.some(({ type }) => type === 'runtime.loop.suspended'))) as readonly LoopEvent[];
  const recallId = begun.flatMap((event) => (event.type === 'runtime.loop.recall-requested' ? [event.data.recallId] : []))[0] ?? '';
  await say(log, 'memory', 'recall', runId, { type: 'memory.recall.answered', data: { recallId, facts: [], session: [], index: 'test', asOf: [], dataSubject } });
  const loop = (await seen('runtime', 'loop', runId, (events) => events.some(({ type }) => type === 'runtime.loop.finished'))) as readonly LoopEvent[];
  return loop.flatMap((event) => (event.type === 'runtime.loop.finished' ? [event.data.outcome] : []))[0] ?? 'none';
}

const DEADLINE_MS = 200_000;
async function seen(context: 'governance' | 'runtime', entity: string, key: string, holds: (events: readonly AnyEvent[]) => boolean): Promise<readonly AnyEvent[]> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    const events = (await log.log.history({ context, entity, key })).flatMap((commit) => commit.events);
    if (holds(events)) return events;
    if (performance.now() > deadline) throw new Error(`${context}.${entity}.${key}: ${events.map(({ type }) => type.slice(type.lastIndexOf('.') + 1)).join(' ').slice(-2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function ledger(): Promise<readonly BudgetEvent[]> {
  return (await log.log.history({ context: 'governance', entity: 'budget', key: 'company' })).flatMap((commit) => commit.events) as readonly BudgetEvent[];
}

function settledIn(events: readonly BudgetEvent[]): number {
  return events.filter(({ type }) => type === 'governance.budget.settled').length;
}

/** Open and settled at every prefix, told from the bare events. */
function mostCommitted(events: readonly BudgetEvent[]): { mostCommitted: number; settledMicros: number; prefixes: number } {
  let committed = 0;
  let most = 0;
  let settledMicros = 0;
  for (const event of events) {
    if (event.type === 'governance.budget.reserved') committed += event.data.micros;
    if (event.type === 'governance.budget.settled') {
      committed -= event.data.releasedMicros;
      settledMicros += event.data.spentMicros;
    }
    most = Math.max(most, committed);
  }
  return { mostCommitted: most, settledMicros, prefixes: events.length };
}
