/**
 * Opening a service's projection database. Use it like this, in `apps/<name>/src/projections/` (MikroORM lives there):
 *
 *   const Gates = defineEntity({ name: 'GateRow', tableName: 'gates', properties: { … } });         // `p` of @mikro-orm/postgresql
 *   const store = await openProjectionStore({ url, schema: 'governance', entities: [Gates], version: 1, logger });
 *   const projector = new Projector('gates', 'governance', store, projectGates, logger);
 *   async function projectGates(rows: EntityManager, commits: readonly Commit[]) { await rows.upsertMany(Gates, …); }
 *   store.read((em) => em.find(Gates, { … }))   answers of the HTTP surface: a fresh EntityManager, faults translated
 *   store.table('gates')                        the qualified, quoted name for raw SQL: `em.execute('select … ? …', [value])`
 *   store.checksums()                           rows and content hash of every table, for the drop-and-rebuild proof
 *   store.dropAll()                             empties the schema and lays the tables again; the projector then starts at 0
 *   store.close()
 * `rows` inside `project` is in the transaction already: begin none of your own (a fork of MikroORM's loses connections).
 *
 * Rows must be a pure fold of commits: ids from events, no now(), no random, no defaults that the database makes up.
 * Text from outside may hold U+0000, which PostgreSQL cannot store: pass it through `storableText`.
 */
import type { PostgresProjectionStore, ProjectionStoreOptions } from './projection-store.port.js';

/**
 * @throws Fault transient when PostgreSQL does not answer in time · unauthorized when it refuses user or password ·
 *   invalid when the URL, the database or the schema is not one to use
 */
export async function openProjectionStore(options: ProjectionStoreOptions): Promise<PostgresProjectionStore> {
  // MikroORM takes a third of a second to load; services without projections do not pay for it.
  const { MikroProjectionStore } = await import('./mikro-projection-store.js');
  return MikroProjectionStore.open(options);
}

/** PostgreSQL has no U+0000 in text; the replacement character stands in for it. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD');
}
