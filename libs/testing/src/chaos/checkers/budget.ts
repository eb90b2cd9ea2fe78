/**
 * G11 at every prefix of the ledger what is reserved and what is spent stays within the limit of its day, and the
 * provider's own bill for a run within what the run has claimed.
 */
import type { BudgetEvent, LoopEvent } from '@soloist/contracts';
import { commitsOf, eventsOf, type Checker, type Violation } from '../history.js';

export const budgetHolds: Checker = (history) => {
  const ledger = new Ledger();
  for (const commit of commitsOf(history, 'budget')) for (const event of eventsOf<BudgetEvent>(commit)) ledger.take(event);
  return ledger.violations;
};

class Ledger {
  readonly violations: Violation[] = [];
  private readonly open = new Map<string, { readonly day: string; readonly micros: number }>();
  private readonly used = new Map<string, number>();
  private readonly reserved = new Set<string>();
  private limitMicros = 0;

  take(event: BudgetEvent): void {
    switch (event.type) {
      case 'governance.budget.limited':
        if (event.data.line === 'company/day/money') this.limitMicros = event.data.limit;
        return;
      case 'governance.budget.reserved':
        if (this.reserved.has(event.data.runId)) this.complain(`run ${event.data.runId} was reserved twice`);
        this.reserved.add(event.data.runId);
        this.open.set(event.data.runId, event.data);
        return this.book(event.data.day, event.data.micros);
      case 'governance.budget.overspent':
        return this.complain(`run ${event.data.runId} spent ${event.data.spentMicros} of ${event.data.envelopeMicros}`);
      case 'governance.budget.settled':
        return this.settle(event.data);
      case 'governance.budget.snapshotted':
        if (event.data.open.length !== this.open.size) this.complain(`the snapshot has ${event.data.open.length} open reservations, the ledger ${this.open.size}`);
    }
  }

  private settle({ runId, spentMicros, releasedMicros }: Extract<BudgetEvent, { type: 'governance.budget.settled' }>['data']): void {
    const open = this.open.get(runId);
    this.open.delete(runId);
    if (open === undefined) return this.complain(`run ${runId} was settled without an open reservation`);
    if (spentMicros + releasedMicros !== open.micros) this.complain(`run ${runId}: ${spentMicros} spent and ${releasedMicros} released of ${open.micros}`);
    this.book(open.day, -releasedMicros);
  }

  private book(day: string, micros: number): void {
    const total = (this.used.get(day) ?? 0) + micros;
    this.used.set(day, total);
    if (total > this.limitMicros) this.complain(`${total} micros are reserved or spent on ${day}, the limit is ${this.limitMicros}`);
  }

  private complain(because: string): void {
    this.violations.push({ kind: 'broken', guarantee: 'G11', because });
  }
}

export const billIsClaimed: Checker = (history) => {
  const asks = new Map<string, { count: number; ceilingMicros: number }>();
  const spent = new Map<string, number>();
  for (const commit of commitsOf(history, 'loop')) {
    for (const event of eventsOf<LoopEvent>(commit)) {
      if (event.type === 'runtime.loop.finished') spent.set(commit.address.key, event.data.spentMicros);
      if (event.type !== 'runtime.loop.model-asked') continue;
      const { count, ceilingMicros } = asks.get(commit.address.key) ?? { count: 0, ceilingMicros: 0 };
      asks.set(commit.address.key, { count: count + 1, ceilingMicros: ceilingMicros + event.data.ceilingMicros });
    }
  }
  return [...billOf(history.charges)].flatMap(([runId, { calls, micros }]): Violation[] => {
    const claimed = asks.get(runId) ?? { count: 0, ceilingMicros: 0 };
    const complain = (because: string): Violation => ({ kind: 'broken', guarantee: 'G11', because: `run ${runId}: ${because}` });
    const booked = spent.get(runId);
    return [
      ...(calls > claimed.count ? [complain(`${calls} calls on the provider's bill, ${claimed.count} claims on the log`)] : []),
      ...(micros > claimed.ceilingMicros ? [complain(`the provider's bill is ${micros}, claimed were ${claimed.ceilingMicros}`)] : []),
      ...(booked !== undefined && micros > booked ? [complain(`the provider's bill is ${micros}, the run says ${booked}`)] : []),
    ];
  });
};

function billOf(charges: readonly { readonly runId: string; readonly micros: number }[]): ReadonlyMap<string, { calls: number; micros: number }> {
  const bill = new Map<string, { calls: number; micros: number }>();
  for (const { runId, micros } of charges) {
    const line = bill.get(runId) ?? { calls: 0, micros: 0 };
    bill.set(runId, { calls: line.calls + 1, micros: line.micros + micros });
  }
  return bill;
}
