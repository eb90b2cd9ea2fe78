/** `soloist cost`: what model calls cost, by whatever they are booked under. */
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { money } from '../format.js';
import { requireApi } from '../installation.js';
import { oneOf } from '../options.js';
import type { Surroundings } from '../surroundings.js';

interface Costs {
  readonly by: string;
  readonly since: string | null;
  readonly currency: string | null;
  readonly totalMicros: number;
  readonly rows: readonly { readonly key: string | null; readonly runs: number; readonly calls: number; readonly inputTokens: number; readonly outputTokens: number; readonly costMicros: number }[];
}

const KEYS = ['agent', 'version', 'feature', 'workflow', 'client', 'model', 'price', 'day'] as const;

export async function costCommand(surroundings: Surroundings, options: Readonly<Record<string, unknown>>): Promise<void> {
  const { output } = surroundings;
  const query = new URLSearchParams({ by: oneOf('--by', options['by'], KEYS) });
  if (typeof options['since'] === 'string') {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(options['since'])) throw new Failure('cli.usage', `--since is ${JSON.stringify(options['since'])}, but must be a day such as 2026-11-24`, 'correct --since', EXIT.usage);
    query.set('since', options['since']);
  }
  const costs = await (await requireApi(surroundings)).get<Costs>(`/v1/costs?${query.toString()}`);
  output.json({ type: 'cost', ...costs });
  await output.table(
    [costs.by, 'runs', 'calls', 'tokens in', 'tokens out', 'cost'],
    costs.rows.map((row) => [row.key ?? '-', row.runs, row.calls, row.inputTokens, row.outputTokens, money(row.costMicros, costs.currency)]),
  );
  output.message(`together ${money(costs.totalMicros, costs.currency)}`);
}
