/**
 * Many rows in one statement, in either direction. The rows travel as one JSON text: PostgreSQL takes it apart by the
 * column types of the table, which costs a fraction of what an ORM spends on each row and each parameter.
 *
 * I1 a row is written whole: a column that is not named becomes null, so that equal rows are stored equally
 * I2 columns that the database makes itself are neither written nor read
 */
import type { EntityManager, EntityMetadata, EntitySchema } from '@mikro-orm/postgresql';

interface Column {
  readonly property: string;
  readonly name: string;
  readonly isKey: boolean;
}

interface Layout {
  readonly table: string;
  readonly columns: readonly Column[];
}

/** What JSON may carry and PostgreSQL's text cannot: U+0000 and halves of surrogate pairs. */
const NOT_STORABLE = /\\u(?:0000|d[89a-f])/i;

const layouts = new WeakMap<EntitySchema, Layout>();

/** Inserts rows, or replaces those with the same key. No two of `rows` may have one key. Runs in the caller's transaction. */
export async function writeRows(em: EntityManager, entity: EntitySchema, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  const { table, columns } = layoutOf(em, entity);
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const keys = columns.filter(({ isKey }) => isKey);
  const rest = columns.filter(({ isKey }) => !isKey);
  const onConflict = rest.length === 0 ? 'nothing' : `update set ${rest.map(({ name }) => `${quoted(name)} = excluded.${quoted(name)}`).join(', ')}`;
  await em.execute(
    `insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, ?::json)
     on conflict (${keys.map(({ name }) => quoted(name)).join(', ')}) do ${onConflict}`,
    [textOf(rows.map((row) => named(columns, row as Readonly<Record<string, unknown>>)))],
  );
}

/** The rows whose property `by` is one of `values`, none of them twice, in no order. Runs in the caller's transaction. */
export async function readRows<Row>(em: EntityManager, entity: EntitySchema, by: keyof Row & string, values: readonly string[]): Promise<readonly Row[]> {
  if (values.length === 0) return [];
  const { table, columns } = layoutOf(em, entity);
  const key = columns.find(({ property }) => property === by);
  if (key === undefined) throw new Error(`${table} has no column for ${by}`);
  const fields = columns.map(({ name }) => `t.${quoted(name)}`).join(', ');
  const [found] = await em.execute<{ rows: Record<string, unknown>[] | null }[]>(
    `select json_agg(to_json(f)) as rows
     from json_array_elements_text(?::json) k, lateral (select ${fields} from ${table} t where t.${quoted(key.name)} = k.value) f`,
    [textOf(values)],
  );
  return (found?.rows ?? []).map((row) => Object.fromEntries(columns.map(({ property, name }) => [property, row[name]])) as Row);
}

/** The search path names the schema, as everywhere in a projection store. */
function layoutOf(em: EntityManager, entity: EntitySchema): Layout {
  const known = layouts.get(entity);
  if (known !== undefined) return known;
  const meta: EntityMetadata = em.getMetadata(entity);
  const columns = Object.values(meta.properties)
    .filter((property) => property.persist !== false && property.generated === undefined)
    .map((property): Column => ({ property: property.name, name: property.fieldNames[0] as string, isKey: property.primary === true }));
  const layout = { table: quoted(meta.tableName), columns };
  layouts.set(entity, layout);
  return layout;
}

function named(columns: readonly Column[], row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { property, name } of columns) values[name] = row[property] ?? null;
  return values;
}

function textOf(value: unknown): string {
  const text = JSON.stringify(value);
  if (!NOT_STORABLE.test(text)) return text;
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.replaceAll('\u0000', '\uFFFD').toWellFormed() : part));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
