/**
 * A transaction that gives its connection back whatever happens. MikroORM's own keeps it for ever when the rollback
 * fails, as it does when PostgreSQL dies inside, and a handful of such deaths would drain the pool.
 */
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';

/** `one-snapshot`: all statements read the same state, and none writes. */
export function inTransaction<T>(orm: MikroORM, work: (rows: EntityManager) => Promise<T>, kind: 'read-write' | 'one-snapshot' = 'read-write'): Promise<T> {
  const builder = orm.em.getKysely().transaction();
  const transaction = kind === 'read-write' ? builder : builder.setIsolationLevel('repeatable read').setAccessMode('read only');
  return transaction.execute(async (context) => {
    const rows = orm.em.fork();
    rows.setTransactionContext(context);
    const result = await work(rows);
    await rows.flush();
    return result;
  });
}
