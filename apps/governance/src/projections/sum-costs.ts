/** Adds calls up by one key, dearest first. */
import type { CallRow, CostQuery, CostSum } from '../ports/cost-rows.js';

export function sumCosts(calls: readonly CallRow[], { by, since }: CostQuery): readonly CostSum[] {
  const groups = new Map<string | null, { runs: Set<string>; calls: number; inputTokens: number; outputTokens: number; costMicros: number }>();
  for (const call of calls) {
    if (since !== undefined && call.day < since) continue;
    const key = by === 'version' ? `${call.agent}@${call.version}` : call[by];
    const sum = groups.get(key) ?? { runs: new Set<string>(), calls: 0, inputTokens: 0, outputTokens: 0, costMicros: 0 };
    sum.runs.add(call.runId);
    sum.calls += 1;
    sum.inputTokens += call.inputTokens;
    sum.outputTokens += call.outputTokens;
    sum.costMicros += call.costMicros;
    groups.set(key, sum);
  }
  const sums = [...groups].map(([key, { runs, ...sum }]): CostSum => ({ key, runs: runs.size, ...sum }));
  return sums.toSorted((a, b) => b.costMicros - a.costMicros || String(a.key).localeCompare(String(b.key), 'en'));
}
