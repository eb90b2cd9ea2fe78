import type { EntityManager, EntitySchema } from '@mikro-orm/postgresql';
import type { Logger } from '@soloist/telemetry';
import type { ProjectionStore } from './projector.js';

export interface ProjectionStoreOptions {
  /** `postgresql://user:password@host:port/database` */
  readonly url: string;
  /** The PostgreSQL schema that this service owns alone. */
  readonly schema: string;
  readonly entities: readonly EntitySchema[];
  /** Raise it when the meaning of rows moves while their shape stays: the rows are then made again from the log. */
  readonly version: number;
  readonly logger: Logger;
  /** How long to wait for a PostgreSQL that is still starting. */
  readonly connectWithinMs?: number;
}

export interface TableChecksum {
  readonly table: string;
  readonly rows: number;
  /** SHA-256 over the sorted hashes of all rows: equal content gives an equal hash, whatever the order of writing. */
  readonly sha256: string;
}

/** A projection database of one service. All methods throw Fault transient while PostgreSQL cannot be reached. */
export interface PostgresProjectionStore extends ProjectionStore<EntityManager> {
  readonly schema: string;
  table(name: string): string;
  /** Runs `query` with an EntityManager of its own, outside of any transaction. */
  read<T>(query: (rows: EntityManager) => Promise<T>): Promise<T>;
  /** All tables of the schema, or those named, in one snapshot. */
  checksums(tables?: readonly string[]): Promise<readonly TableChecksum[]>;
  dropAll(): Promise<void>;
  close(): Promise<void>;
}
