/** G11 at every prefix of the ledger open + spent ≤ limit, and money is given back only for a run that has ended. */
import type { BudgetEvent, LoopEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { LoopWatch } from './loop.watch.js';
import { eventsOf, hold, type Watch } from './watch.js';

export class BudgetWatch implements Watch {
  readonly name = 'G11 budget';
  readonly #open = new Map<string, { day: string; micros: number }>();
  readonly #spent = new Map<string, number>();
  readonly #reservedOnce = new Set<string>();
  readonly #neverBegun = new Set<string>();
  #limitMicros = 0;

  constructor(private readonly loops: LoopWatch) {}

  onCommit(commit: Commit): void {
    if (commit.address.entity === 'loop') this.#onLoop(commit);
    if (commit.address.entity !== 'budget') return;
    for (const event of eventsOf<BudgetEvent>(commit)) this.#on(event);
    const days = new Set([...this.#spent.keys(), ...[...this.#open.values()].map(({ day }) => day)]);
    for (const day of days) {
      const open = [...this.#open.values()].reduce((sum, one) => sum + (one.day === day ? one.micros : 0), 0);
      const total = open + (this.#spent.get(day) ?? 0);
      hold(total <= this.#limitMicros, `${total} micros are open or spent on ${day}, the limit is ${this.#limitMicros}`);
    }
  }

  /** Cancelled before its loop began: nothing was spent, and nothing may be from then on. */
  #onLoop(commit: Commit): void {
    const isAsking = eventsOf<LoopEvent>(commit).some(({ type }) => type === 'runtime.loop.model-asked');
    hold(!isAsking || !this.#neverBegun.has(commit.address.key), `run ${commit.address.key} asks a model, its reservation was given back`);
  }

  #on(event: BudgetEvent): void {
    switch (event.type) {
      case 'governance.budget.limited':
        if (event.data.line === 'company/day/money') this.#limitMicros = event.data.limit;
        return;
      case 'governance.budget.reserved': {
        const { runId, day, micros } = event.data;
        hold(!this.#reservedOnce.has(runId), `run ${runId} was reserved twice`);
        this.#reservedOnce.add(runId);
        this.#open.set(runId, { day, micros });
        return;
      }
      case 'governance.budget.settled':
        this.#settle(event.data);
        return;
      case 'governance.budget.snapshotted':
        hold(event.data.open.length === this.#open.size, `the snapshot has ${event.data.open.length} open reservations, the ledger ${this.#open.size}`);
    }
  }

  #settle({ runId, spentMicros, releasedMicros }: Extract<BudgetEvent, { type: 'governance.budget.settled' }>['data']): void {
    const open = this.#open.get(runId);
    hold(open !== undefined, `run ${runId} was settled without an open reservation`);
    if (open === undefined) return;
    hold(spentMicros + releasedMicros === open.micros, `run ${runId}: ${spentMicros} spent and ${releasedMicros} released of ${open.micros}`);
    const loop = this.loops.runs.get(runId);
    if (loop === undefined || loop.epoch === 0) {
      hold(spentMicros === 0, `run ${runId} was settled with ${spentMicros} although it never began`);
      this.#neverBegun.add(runId);
    } else hold(loop.finished?.spentMicros === spentMicros, `run ${runId} was settled with ${spentMicros}, its loop does not say so`);
    this.#open.delete(runId);
    this.#spent.set(open.day, (this.#spent.get(open.day) ?? 0) + spentMicros);
  }
}
