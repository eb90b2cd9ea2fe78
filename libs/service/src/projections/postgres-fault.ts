/**
 * Classifies what PostgreSQL and its client say. The texts of the driver carry the statement with its values, that is
 * personal data, so a fault keeps the SQLSTATE and the names of table and constraint, and nothing else.
 */
import { Fault, isFault } from '@soloist/kernel';

const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);
/** What the client says without a code; compared only when there is no SQLSTATE, for then no row's text is in it. */
const UNREACHABLE_WORDS = /connection terminated|connection error|timeout exceeded when trying to connect|query read timeout|connection ended|pool is ended/i;
const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Connection lost · not enough resources · shut down or starting · serialization, deadlock · lock not available · disk. */
const TRANSIENT_CLASSES = /^(08|53|57P|40|55P|58)/;

interface DriverError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly table?: unknown;
  readonly column?: unknown;
  readonly constraint?: unknown;
}

/** Answers a Fault for what the world did, the error itself for what is ours, and never the driver's own text. */
export function postgresErrorOf(error: unknown, where: string): unknown {
  if (isFault(error) || typeof error !== 'object' || error === null) return error;
  const { code, message } = error as DriverError;
  const state = typeof code === 'string' ? code : '';
  if (UNREACHABLE.has(state)) return unreachable(where, state);
  if (SQLSTATE.test(state)) return bySqlState(state, error, where);
  if (typeof message === 'string' && UNREACHABLE_WORDS.test(message)) return unreachable(where, 'connection lost');
  return error;
}

function unreachable(where: string, reason: string): Fault {
  return new Fault('transient', 'projection.postgres-unreachable', `PostgreSQL at ${where} cannot be reached (${reason})`);
}

function bySqlState(state: string, error: DriverError, where: string): unknown {
  if (state === '57P03') return new Fault('transient', 'projection.postgres-starting', `PostgreSQL at ${where} is starting or shutting down`);
  if (TRANSIENT_CLASSES.test(state)) return new Fault('transient', 'projection.postgres-busy', `PostgreSQL at ${where} could not serve this now (SQLSTATE ${state})`);
  if (state.startsWith('28')) {
    return new Fault('unauthorized', 'projection.postgres-refused', `PostgreSQL at ${where} refuses the user or the password (SQLSTATE ${state}); correct SOLOIST_POSTGRES_URL`);
  }
  if (state === '3D000') {
    return new Fault('invalid', 'projection.database-missing', `PostgreSQL at ${where} has no such database; create it, or correct SOLOIST_POSTGRES_URL`);
  }
  if (state === '42501') {
    return new Fault('unauthorized', 'projection.postgres-forbidden', `the PostgreSQL user at ${where} may not do this (SQLSTATE 42501); it needs CREATE on the database`);
  }
  if (state === '42P01' || state === '3F000') {
    return new Fault('transient', 'projection.tables-missing', `the projection tables at ${where} are gone; start the service again and it makes them from the log`);
  }
  return new Error(`PostgreSQL at ${where} rejected a statement of ours: SQLSTATE ${state}${namesOf(error)}`);
}

function namesOf(error: DriverError): string {
  const named = (['table', 'column', 'constraint'] as const).filter((part) => typeof error[part] === 'string');
  return named.map((part) => `, ${part} ${String(error[part])}`).join('');
}
