/**
 * The long runner: `npm run chaos -- --kills N --power-cuts N --disk-full N --freezes N --stampedes N --corruptions N [--seed S] [--only KIND]`. What happens is
 * told on stderr; stdout gets one line of JSON, the counts.
 *
 * I1 the exit is 0 only if something was asked for, all of it happened, and nothing was lost, doubled, stuck, broken or
 *    undetected
 * I2 a part that cannot be done here (no root) is no part that was survived: it is named, and the exit is not 0
 */
import { powerCuts, type Violation, type ViolationKind } from '@soloist/testing';
import { campaign } from './campaign.js';
import { diskFull } from './disk-full.js';
import { FAULT_KINDS, type FaultKind } from './faults/fault.js';
import { frozenWorker } from './frozen-worker.js';
import { ordersOf, type Orders } from './orders.js';
import { stampede } from './stampede.js';

type Counts = Record<string, number>;

interface Totals {
  readonly counts: Counts;
  readonly violations: Violation[];
  readonly notRun: string[];
}

const REFUSED_WITHIN_MS = 5_000;
const started = performance.now();

function report(line: string): void {
  process.stderr.write(`${((performance.now() - started) / 1_000).toFixed(0)} s  ${line}\n`);
}

async function part(name: string, isWanted: boolean, totals: Totals, work: () => Promise<void>): Promise<void> {
  if (!isWanted) return;
  await work().catch((error: unknown) => {
    totals.notRun.push(name);
    report(`${name} did not come to its end: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  });
}

async function fight({ seed, wanted }: Orders, totals: Totals): Promise<void> {
  const faults = Object.fromEntries(FAULT_KINDS.map((kind) => [kind, wanted[kind]])) as Record<FaultKind, number>;
  const { violations, ...counts } = await campaign({ wanted: faults, seed, report });
  totals.violations.push(...violations);
  add(totals.counts, counts);
}

async function cutPower({ seed, wanted }: Orders, totals: Totals): Promise<void> {
  const { violations, cuts, acknowledged, unknown } = await powerCuts({ cuts: wanted['power-cuts'], seed, syncs: 'always', report });
  totals.violations.push(...violations);
  add(totals.counts, { powerCuts: cuts, acknowledged, underwayAtCuts: unknown });
  const control = await powerCuts({ cuts: 1, seed, syncs: 'default', report: (line) => report(`control without fsync: ${line}`) });
  const sees = control.violations.some(({ kind }) => kind === 'lost');
  add(totals.counts, { controlsThatLost: sees ? 1 : 0 });
  if (!sees) totals.violations.push({ kind: 'broken', guarantee: 'G2', because: 'the control lost nothing: the recipe cannot see a loss' });
}

async function fillDisk({ wanted }: Orders, totals: Totals): Promise<void> {
  for (let time = 0; time < wanted['disk-full']; time += 1) {
    const { commitsAfter, commitsBefore, findings, mails, refusedAfterMs, refusedWith, said } = await diskFull();
    report(`disk full, the intake said ${refusedWith}; the host said: ${said.join(' | ')}`);
    if (findings.length > 0 || commitsAfter <= commitsBefore || mails !== 3) totals.violations.push({ kind: 'lost', guarantee: 'G21', because: `after a full disk: ${commitsBefore} commits, then ${commitsAfter}, broken ${JSON.stringify(findings)}, mails ${mails} of 3` });
    if (refusedWith !== 452 || refusedAfterMs > REFUSED_WITHIN_MS) totals.violations.push({ kind: 'broken', guarantee: 'G21', because: `with a full disk the intake answered ${refusedWith} after ${Math.round(refusedAfterMs)} ms, not 452 within ${REFUSED_WITHIN_MS} ms` });
    add(totals.counts, { disksFull: 1 });
  }
}

async function freeze({ wanted }: Orders, totals: Totals): Promise<void> {
  for (let time = 0; time < wanted.freezes; time += 1) {
    const { closed, isBehindGate, outcome, sentByGeneration, sleeper, sleptMs, violations } = await frozenWorker();
    report(`${sleeper} slept ${Math.round(sleptMs)} ms between claim and wire; ${outcome}, sent by generation ${sentByGeneration.join(' and ')}`);
    totals.violations.push(...violations);
    if (sentByGeneration.some((count) => count > 1) || (sentByGeneration[0] ?? 0) > 0) totals.violations.push({ kind: 'doubled', guarantee: 'G8', because: `the sleeper sent after its twin had settled the effect as ${outcome}` });
    if (!isBehindGate || closed !== 1) totals.violations.push({ kind: 'stuck', guarantee: 'G28', because: `after ${outcome}: behind a gate ${String(isBehindGate)}, closed ${closed} times` });
    add(totals.counts, { freezes: 1 });
  }
}

async function stampedes({ seed, wanted }: Orders, totals: Totals): Promise<void> {
  for (let time = 0; time < wanted.stampedes; time += 1) {
    const { violations, ...figures } = await stampede({ mails: 500, kills: 25, seed: seed + time, report });
    report(`stampede: ${JSON.stringify(figures)}`);
    totals.violations.push(...violations);
    add(totals.counts, { stampedes: 1, stampedeKills: figures.kills, turnedAway: figures.turnedAway });
  }
}

async function corrupt({ seed, wanted }: Orders, totals: Totals): Promise<void> {
  const { runCorruptions } = await import('./corruption.js');
  const { detected, harmless, made, undetected } = await runCorruptions(wanted.corruptions, seed, report);
  const missed: unknown = undetected;
  add(totals.counts, { corruptions: made, detected, harmless, undetected: Array.isArray(missed) ? missed.length : Number(missed) });
}

function add(counts: Counts, more: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(more)) counts[name] = (counts[name] ?? 0) + count;
}

const orders = ordersOf(process.argv.slice(2));
const { wanted } = orders;
const totals: Totals = { counts: { acknowledged: 0, undetected: 0 }, violations: [], notRun: [] };
await part('faults', FAULT_KINDS.some((kind) => wanted[kind] > 0), totals, () => fight(orders, totals));
await part('power-cuts', wanted['power-cuts'] > 0, totals, () => cutPower(orders, totals));
await part('disk-full', wanted['disk-full'] > 0, totals, () => fillDisk(orders, totals));
await part('freezes', wanted.freezes > 0, totals, () => freeze(orders, totals));
await part('stampedes', wanted.stampedes > 0, totals, () => stampedes(orders, totals));
await part('corruptions', wanted.corruptions > 0, totals, () => corrupt(orders, totals));

const of = (kind: ViolationKind): number => totals.violations.filter((violation) => violation.kind === kind).length;
const bad = { lost: of('lost'), doubled: of('doubled'), stuck: of('stuck'), broken: of('broken') };
const hasHappened = Object.entries(totals.counts).some(([name, count]) => name !== 'acknowledged' && count > 0);
for (const { because, guarantee } of totals.violations.slice(0, 50)) report(`${guarantee}: ${because}`);
process.stdout.write(`${JSON.stringify({ seed: orders.seed, ...totals.counts, ...bad, notRun: totals.notRun, seconds: Math.round((performance.now() - started) / 1_000) })}\n`);
const isGood = Object.values(bad).every((count) => count === 0) && totals.counts['undetected'] === 0 && totals.notRun.length === 0 && hasHappened;
process.exit(isGood ? 0 : 1);
