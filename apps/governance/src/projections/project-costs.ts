/**
 * Holds and model calls become rows about money.
 *
 * I1 the rows of a run add up to what its loop says it spent: an answered call counts with its cost, any other with its ceiling
 * I2 a call of a run that was never granted anything makes no row
 */
import type { HoldEvent, LoopEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { RowSet } from './row-set.js';

const DAY_LENGTH = 10;

export function projectCosts(rows: RowSet, event: HoldEvent | LoopEvent, commit: Commit): void {
  switch (event.type) {
    case 'governance.hold.granted': {
      const { runId, agent, definitionVersion: version, feature = null, workflow = null, client = null, currency } = event.data;
      rows.bookings.put(runId, { runId, agent, version, feature, workflow, client, currency });
      return;
    }
    case 'runtime.loop.model-asked': {
      const booking = rows.bookings.get(commit.address.key);
      const { askId, model, ceilingMicros, price } = event.data;
      if (booking === null) return;
      const asked = { askId, model, price: `${price.source}@${price.version}`, day: commit.at.slice(0, DAY_LENGTH) };
      rows.calls.put(askId, { ...booking, ...asked, isAnswered: false, inputTokens: 0, outputTokens: 0, costMicros: ceilingMicros });
      return;
    }
    case 'runtime.loop.model-answered': {
      const { askId, inputTokens, outputTokens, costMicros } = event.data;
      const call = rows.calls.get(askId);
      if (call !== null) rows.calls.put(askId, { ...call, isAnswered: true, inputTokens, outputTokens, costMicros });
      return;
    }
    default:
      return;
  }
}
