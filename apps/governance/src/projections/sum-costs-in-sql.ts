/** The sums of `sum-costs.ts`, made by PostgreSQL. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CostKey, CostQuery, CostSum } from '../ports/cost-rows.js';

const EXPRESSIONS: Readonly<Record<CostKey, string>> = {
  agent: 'agent',
  version: "agent || '@' || version",
  feature: 'feature',
  workflow: 'workflow',
  client: 'client',
  model: 'model',
  price: 'price',
  day: 'day',
};

type Stored = { readonly key: string | null } & Readonly<Record<'runs' | 'calls' | 'input_tokens' | 'output_tokens' | 'cost_micros', string>>;

export async function costSums(em: EntityManager, table: string, { by, since }: CostQuery): Promise<readonly CostSum[]> {
  const where = since === undefined ? '' : 'where day >= ?';
  const rows = await em.execute<Stored[]>(
    `select ${EXPRESSIONS[by]} as key, count(distinct run_id)::text as runs, count(*)::text as calls, sum(input_tokens)::text as input_tokens,
            sum(output_tokens)::text as output_tokens, sum(cost_micros)::text as cost_micros
     from ${table} ${where} group by 1 order by sum(cost_micros) desc, 1`,
    since === undefined ? [] : [since],
  );
  return rows.map((row) => ({ key: row.key, runs: Number(row.runs), calls: Number(row.calls), inputTokens: Number(row.input_tokens), outputTokens: Number(row.output_tokens), costMicros: Number(row.cost_micros) }));
}
