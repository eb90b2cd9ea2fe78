/**
 * A connection to the broker under one identity.
 *
 * I1 who was too slow to answer the broker's challenge was not refused: that is tried again, a wrong seed is not
 */
import type { ConnectionOptions, NatsConnection } from '@nats-io/nats-core';
import { errors, nkeyAuthenticator } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { readSeed } from './credentials.js';
import { redial } from './redial.js';

const TRIES = 4;

/** @throws Fault unauthorized on a missing or exposed seed file; the client's own error when the broker is not there */
export async function connectAs(url: string, seedFile: string, name: string): Promise<NatsConnection> {
  const seed = await readSeed(seedFile);
  return connectPatiently({ servers: url, authenticator: nkeyAuthenticator(seed), name, maxReconnectAttempts: -1, ...redial({ pauseMs: 250, jitterMs: 100 }) });
}

/** As the client's `connect`, and again when the broker gave up waiting for the answer to its challenge. @throws what the last try threw */
export async function connectPatiently(options: ConnectionOptions): Promise<NatsConnection> {
  for (let tries = 1; ; tries += 1) {
    try {
      // The client gives up for good after two such refusals in a row while it reconnects; a slow machine is no reason to.
      return await connect({ ignoreAuthErrorAbort: true, ...options });
    } catch (error) {
      if (tries === TRIES || refusalOf(error) !== 'too-late') throw error;
    }
  }
}

/**
 * What an authorization error of the client means: it stands for a wrong seed and for a challenge that was answered too
 * late (nats-server: `Authentication Timeout`), as on a machine without a free processor. Null: it is something else.
 */
export function refusalOf(error: unknown): 'refused' | 'too-late' | null {
  const cause = error instanceof Error && error.cause instanceof errors.AuthorizationError ? error.cause : error;
  if (!(cause instanceof errors.AuthorizationError)) return null;
  return /authentication timeout/i.test(cause.message) ? 'too-late' : 'refused';
}
