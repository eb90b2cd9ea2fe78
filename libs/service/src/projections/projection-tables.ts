/**
 * Lays the tables of a projection schema. There are no migrations: a projection whose shape or meaning moved is made
 * again from the log. What was laid is written down as the comment of the schema, in the same transaction.
 */
import { createHash } from 'node:crypto';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Fault } from '@soloist/kernel';
import { inTransaction } from './transaction.js';

const MARK = 'soloist projection ';

export async function layTables(orm: MikroORM, schema: string, version: number, when: 'when-different' | 'always'): Promise<'kept' | 'made'> {
  const ddl = await orm.schema.getCreateSchemaSQL({ wrap: false });
  const mark = `${MARK}${createHash('sha256').update(`${version}\n${ddl}`).digest('hex')}`;
  return inTransaction(orm, async (rows) => {
    // Two processes that start at once lay the tables once.
    await rows.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [`soloist projection ${schema}`]);
    const found = await commentOf(rows, schema);
    if (when === 'when-different' && found === mark) return 'kept';
    if (found?.startsWith(MARK) !== true) await refuseForeign(rows, schema);
    await rows.execute(`drop schema if exists "${schema}" cascade`);
    await rows.execute(`create schema "${schema}"`);
    // Not `orm.schema.execute`: it leaves the transaction.
    await rows.execute(ddl);
    await rows.execute(`comment on schema "${schema}" is '${mark}'`);
    return 'made';
  });
}

export async function tablesIn(rows: EntityManager, schema: string): Promise<readonly string[]> {
  const found = await rows.execute<{ tablename: string }[]>('select tablename from pg_tables where schemaname = ? order by tablename collate "C"', [schema]);
  return found.map((row) => row.tablename);
}

async function commentOf(rows: EntityManager, schema: string): Promise<string | null> {
  const [row] = await rows.execute<{ comment: string | null }[]>("select obj_description(oid, 'pg_namespace') as comment from pg_namespace where nspname = ?", [schema]);
  return row?.comment ?? null;
}

async function refuseForeign(rows: EntityManager, schema: string): Promise<void> {
  const [foreign] = await tablesIn(rows, schema);
  if (foreign === undefined) return;
  throw new Fault(
    'invalid',
    'projection.schema-foreign',
    `schema ${schema} holds the table ${foreign}, which was not laid by Soloist; name another database in SOLOIST_POSTGRES_URL, or drop that schema yourself`,
  );
}
