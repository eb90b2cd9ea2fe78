/**
 * A bill says otherwise than what was settled.
 *
 * I1 only what was settled is corrected, and each time from what is booked by then
 * I2 a correction is made once for each command
 * I3 money that comes back frees room on the lines that had counted it, and on no other; money that is due counts on all
 */
import type { BudgetEvent } from '@soloist/contracts';
import { reject, type Rejection } from '@soloist/kernel';

export interface Bill {
  readonly runId: string;
  readonly afterMicros: number;
  readonly by: string;
  readonly because: string;
}

/** @param history the whole history of the ledger */
export function correctBudget(history: readonly BudgetEvent[], bill: Bill, correctionId: string): readonly BudgetEvent[] | Rejection {
  const { runId, afterMicros, by, because } = bill;
  const reserved = history.find((event) => event.type === 'governance.budget.reserved' && event.data.runId === runId);
  const settled = history.find((event) => event.type === 'governance.budget.settled' && event.data.runId === runId);
  if (reserved?.type !== 'governance.budget.reserved' || settled?.type !== 'governance.budget.settled') {
    return reject('budget.not-settled', `Run ${runId} is not settled, so there is nothing to correct. Wait for its end, then correct it.`);
  }
  const corrections = history.flatMap((event) => (event.type === 'governance.budget.corrected' && event.data.runId === runId ? [event.data] : []));
  if (corrections.some((one) => one.correctionId === correctionId)) return [];
  const beforeMicros = corrections.at(-1)?.afterMicros ?? settled.data.spentMicros;
  if (beforeMicros === afterMicros) return [];
  const { agent, feature, workflow, client, day } = reserved.data;
  const counted = afterMicros < beforeMicros ? { counted: linesThroughout(history, settled) } : {};
  return [{ type: 'governance.budget.corrected', data: { correctionId, runId, agent, feature, workflow, client, day, beforeMicros, afterMicros, by, because, ...counted } }];
}

/** Lines that were set when the run was settled, and never taken away since: a line counts from the commit that sets it. */
function linesThroughout(history: readonly BudgetEvent[], settled: BudgetEvent): string[] {
  const at = history.indexOf(settled);
  const lines = new Set<string>();
  for (const [index, event] of history.entries()) {
    if (event.type === 'governance.budget.limited' && index < at) lines.add(event.data.line);
    if (event.type === 'governance.budget.unlimited') lines.delete(event.data.line);
  }
  return [...lines];
}
