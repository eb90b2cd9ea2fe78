/**
 * The ledger as people read it, and wishes about it.
 *
 * I1 the API decides nothing: it publishes a wish and answers what is on record; what the rules refuse is told at once
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { CompanyStop } from '../decisions/company-stop.js';
import type { BudgetEvent, CorrectBudget, DecideExtension, LimitBudget } from '@soloist/contracts';
import type { EventLog } from '@soloist/eventlog';
import { isRejection, type Rejection } from '@soloist/kernel';
import { fold } from '@soloist/service';
import { lineOf, periodToken, placeOn } from '../domain/budget-line.js';
import { committedOn } from '../domain/budget-room.js';
import { LEDGER_KEY, limitBudget, unlimitBudget } from '../domain/budget.js';
import { correctBudget } from '../domain/correction.js';
import { countOf, dayOf } from '../domain/day-books.js';
import type { Hold } from '../domain/hold.js';
import type { Ledger } from '../domain/ledger.js';
import { holds, ledgers } from '../entities.js';
import type { GovernanceView } from '../ports/governance-view.port.js';
import { ApiError } from './api-error.js';
import type { BudgetLine, BudgetList, BudgetWish, Correction, CorrectionWish, ExtensionDecision, ExtensionList, ExtensionOutcome } from './budget-schemas.js';

const WAIT_MS = 10_000;
const PAUSE_MS = 25;
const MAX_ASKS = 500;
const LEDGER = { context: 'governance', entity: 'budget', key: LEDGER_KEY } as const;

export async function budgetNow(log: EventLog, now: string): Promise<BudgetList> {
  const ledger = await ledgerOf(log);
  const lines = Object.keys(ledger.limits).toSorted().map((line) => lineNow(ledger, line, dayOf(now)));
  return { currency: ledger.currency, openRuns: ledger.open.length, lines };
}

function lineNow(ledger: Ledger, line: string, day: string): BudgetLine {
  const { limit = 0, mode = 'hard', by = '' } = ledger.limits[line] ?? {};
  const { measure, period: kind, name: own, scope } = lineOf(line);
  const period = periodToken(kind, day);
  const open = ledger.open.flatMap((one) => placeOn(line, one, one.day) ?? []).filter((place) => place.period === period);
  const names = new Set([...Object.keys(ledger.used[line]?.[period] ?? {}), ...open.map(({ name }) => name), ...(own === '*' ? [] : [own ?? ''])]);
  const places = scope === 'run' ? [] : [...names].toSorted().map((name) => {
    const place = { line, period, name };
    const used = countOf(ledger.used, place);
    return { period, name, limit: limit + countOf(ledger.extra, place), used, reserved: committedOn(ledger, place) - used };
  });
  return { line, measure, mode, limit, by, places };
}

/** @throws ApiError 422 what the rules refuse · 504 not on record in time */
export async function setLine(log: EventLog, { line, limit, mode }: BudgetWish, by: string, now: () => string): Promise<BudgetLine | null> {
  const ledger = await ledgerOf(log);
  refuseAtOnce(limit === null ? unlimitBudget(ledger, line, by) : limitBudget(ledger, line, { limit, mode, by }, ledger.currency ?? 'USD'));
  const body: LimitBudget = { type: 'governance.budget.limit', line, limit, mode, by };
  await log.command(LEDGER, { id: randomUUID(), actor: by, body });
  const after = await looking(() => ledgerOf(log), ({ limits }) => (limit === null ? limits[line] === undefined : limits[line]?.limit === limit && limits[line].mode === mode && limits[line].by === by));
  return limit === null ? null : lineNow(after, line, dayOf(now()));
}

export async function correct(log: EventLog, { runId, afterMicros, because }: CorrectionWish, by: string): Promise<Correction> {
  const bill = { runId, afterMicros, by, because };
  const made = correctBudget(await ledgerHistory(log), bill, 'trial');
  refuseAtOnce(made);
  const [planned] = isRejection(made) ? [] : made;
  if (planned?.type !== 'governance.budget.corrected') throw new ApiError(409, 'budget.as-booked', `Run ${runId} is booked with ${afterMicros} already.`, 'Nothing is to be done.');
  const body: CorrectBudget = { type: 'governance.budget.correct', ...bill };
  await log.command(LEDGER, { id: randomUUID(), actor: by, body });
  const isOurs = (event: BudgetEvent): boolean => event.type === 'governance.budget.corrected' && event.data.runId === runId && event.data.afterMicros === afterMicros;
  await looking(() => ledgerHistory(log), (events) => events.some(isOurs));
  const { beforeMicros, day } = planned.data;
  return { runId, beforeMicros, afterMicros, day };
}

export async function extensionsAsked(log: EventLog, view: GovernanceView): Promise<ExtensionList> {
  await view.refresh();
  const waiting = await view.runs({ limit: MAX_ASKS, state: 'requested' });
  const states = await Promise.all(waiting.map(({ runId }) => holdOf(log, runId)));
  return { asks: states.flatMap((hold) => (hold.state === 'asked' ? [hold.asked] : [])) };
}

export async function decideExtension(log: EventLog, runId: string, { decision, because }: ExtensionDecision, by: string): Promise<ExtensionOutcome> {
  const hold = await holdOf(log, runId);
  if (hold.state === 'none') throw new ApiError(404, 'budget.not-asked', `Run ${runId} does not ask for an extension.`, 'List those that do: GET /v1/budget/asks.');
  if (hold.state !== 'asked') return { runId, state: hold.state };
  // Behind the API the wish would only wait; who asks is to know why.
  if (decision === 'extend' && (await new CompanyStop(log).standing()).isStopped) throw new ApiError(409, 'budget.stopped', 'The company is stopped, and nobody is admitted.', 'Lift the stop, then extend: POST /v1/company/resume.');
  const body: DecideExtension = { type: 'governance.hold.decide-extension', runId, decision, by, because };
  await log.command({ context: 'governance', entity: 'hold', key: runId }, { id: randomUUID(), actor: by, body });
  const after = await looking(() => holdOf(log, runId), ({ state }) => state !== 'asked');
  return { runId, state: after.state === 'none' ? 'asked' : after.state };
}

async function ledgerOf(log: EventLog): Promise<Ledger> {
  return fold(ledgers, (await log.read(LEDGER)).flatMap((commit) => commit.events));
}

async function ledgerHistory(log: EventLog): Promise<readonly BudgetEvent[]> {
  return (await log.history(LEDGER)).flatMap((commit) => commit.events) as readonly BudgetEvent[];
}

async function holdOf(log: EventLog, runId: string): Promise<Hold> {
  return fold(holds, (await log.read({ context: 'governance', entity: 'hold', key: runId })).flatMap((commit) => commit.events));
}

function refuseAtOnce(decided: readonly BudgetEvent[] | Rejection): void {
  if (isRejection(decided)) throw new ApiError(422, decided.code, decided.because, 'Look at the lines: GET /v1/budget.');
}

async function looking<Seen>(look: () => Promise<Seen>, isDone: (seen: Seen) => boolean): Promise<Seen> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const seen = await look();
    if (isDone(seen)) return seen;
    if (performance.now() > deadline) throw new ApiError(504, 'budget.late', 'The wish is durable, but was not on record within ten seconds.', 'Look again: GET /v1/budget.');
    await delay(PAUSE_MS);
  }
}
