/**
 * Rows of one service in a PostgreSQL schema of its own, kept with MikroORM. The log is the truth; this is a copy that
 * can be thrown away at any time.
 *
 * I1 rows and position are written in one transaction
 * I2 a stream's position moves only from where this process saw it: a second projector on the same rows is noticed
 * I3 rows of another shape or meaning are never read: the schema is dropped and made again from the log
 * I4 a schema that holds tables of somebody else is refused, not dropped
 */
import { defineEntity, MikroORM, p, type EntityManager } from '@mikro-orm/postgresql';
import { Fault } from '@soloist/kernel';
import { connectWithin, targetOf } from './postgres-connection.js';
import { postgresErrorOf } from './postgres-fault.js';
import type { PostgresProjectionStore, ProjectionStoreOptions, TableChecksum } from './projection-store.port.js';
import { layTables, tablesIn } from './projection-tables.js';
import { inTransaction } from './transaction.js';
import type { StoredPosition } from './projector.js';

const PositionRow = defineEntity({
  name: 'ProjectionPosition',
  tableName: 'soloist_position',
  properties: {
    stream: p.integer().primary().autoincrement(false),
    sequence: p.bigint('number'),
    hash: p.string().columnType('text'),
  },
});

const CONNECT_WITHIN_MS = 30_000;
const SCHEMA_NAME = /^[a-z][a-z0-9_]{0,62}$/;
/** A statement that takes longer than this hangs on a lost connection rather than works. */
const QUERY_TIMEOUT_MS = 120_000;

export class MikroProjectionStore implements PostgresProjectionStore {
  private readonly seen = new Map<number, number>();

  private constructor(
    private readonly orm: MikroORM,
    readonly schema: string,
    private readonly where: string,
    private readonly version: number,
  ) {}

  static async open(options: ProjectionStoreOptions): Promise<MikroProjectionStore> {
    if (!SCHEMA_NAME.test(options.schema)) throw new RangeError(`schema ${JSON.stringify(options.schema)} must match ${SCHEMA_NAME.source}`);
    const { where } = targetOf(options.url);
    // The search path names the schema, not MikroORM: it would write one schema into metadata that several stores share.
    const orm = new MikroORM({
      clientUrl: options.url,
      // A database that is missing is a wrong address or a missing installation, never ours to make.
      ensureDatabase: false,
      logger: (line) => options.logger.debug(line),
      colors: false,
      entities: [PositionRow, ...options.entities],
      pool: { min: 0, max: 6 },
      driverOptions: { connectionTimeoutMillis: 5_000, query_timeout: QUERY_TIMEOUT_MS, keepAlive: true, application_name: `soloist-${options.schema}`, options: `-c search_path=${options.schema}` },
    });
    const store = new MikroProjectionStore(orm, options.schema, where, options.version);
    try {
      await connectWithin(() => store.read((rows) => rows.execute('select 1')), where, options.connectWithinMs ?? CONNECT_WITHIN_MS, options.logger);
      const laid = await store.guard(() => layTables(orm, options.schema, options.version, 'when-different'));
      if (laid === 'made') options.logger.info(`projection tables of ${options.schema} were made; rows follow from the log`);
      return store;
    } catch (error) {
      await orm.close(true);
      throw error;
    }
  }

  table(name: string): string {
    return `${quoted(this.schema)}.${quoted(name)}`;
  }

  async position(stream: number): Promise<StoredPosition> {
    const [row] = await this.read((rows) => rows.find(PositionRow, { stream }));
    const sequence = row?.sequence ?? 0;
    this.seen.set(stream, sequence);
    return { sequence, hash: row?.hash ?? '' };
  }

  async advance(stream: number, to: StoredPosition, write: (rows: EntityManager) => Promise<void>): Promise<void> {
    const from = this.seen.get(stream) ?? 0;
    await this.guard(() =>
      inTransaction(this.orm, async (rows) => {
        await this.move(rows, stream, from, to);
        await write(rows);
      }),
    );
    this.seen.set(stream, to.sequence);
  }

  read<T>(query: (rows: EntityManager) => Promise<T>): Promise<T> {
    return this.guard(() => query(this.orm.em.fork()));
  }

  async checksums(tables?: readonly string[]): Promise<readonly TableChecksum[]> {
    return this.guard(() =>
      inTransaction(
        this.orm,
        async (rows) => {
          // Rows are hashed as text, and a timestamp's text depends on the session.
          await rows.execute("set local timezone = 'UTC'");
          const sums: TableChecksum[] = [];
          for (const table of tables ?? (await tablesIn(rows, this.schema))) sums.push(await this.checksum(rows, table));
          return sums;
        },
        'one-snapshot',
      ),
    );
  }

  async dropAll(): Promise<void> {
    await this.guard(() => layTables(this.orm, this.schema, this.version, 'always'));
    this.seen.clear();
  }

  async close(): Promise<void> {
    await this.orm.close(true);
  }

  /** First statement of the transaction: it locks the stream's row, so a second projector waits here and then fails. */
  private async move(rows: EntityManager, stream: number, from: number, to: StoredPosition): Promise<void> {
    const table = this.table('soloist_position');
    const moved =
      from === 0
        ? await rows.execute(`insert into ${table} (stream, sequence, hash) values (?, ?, ?) on conflict do nothing returning stream`, [stream, to.sequence, to.hash])
        : await rows.execute(`update ${table} set sequence = ?, hash = ? where stream = ? and sequence = ? returning stream`, [to.sequence, to.hash, stream, from]);
    if (moved.length === 1) return;
    throw new Fault(
      'transient',
      'projection.moved',
      `stream ${stream} of ${this.schema} at ${this.where} no longer stands at ${from}: another process projects into the same schema, or it was dropped`,
    );
  }

  private async checksum(rows: EntityManager, table: string): Promise<TableChecksum> {
    const sql = `
      select count(*)::float8 as rows,
             encode(sha256(convert_to(coalesce(string_agg(row_hash, '' order by row_hash collate "C"), ''), 'UTF8')), 'hex') as sha256
      from (select encode(sha256(convert_to(to_jsonb(t)::text, 'UTF8')), 'hex') as row_hash from ${this.table(table)} t) hashed`;
    const [sum] = await rows.execute<{ rows: number; sha256: string }[]>(sql);
    if (sum === undefined) throw new Error(`no checksum of ${table}`);
    return { table, rows: sum.rows, sha256: sum.sha256 };
  }

  private async guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw postgresErrorOf(error, this.where);
    }
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
