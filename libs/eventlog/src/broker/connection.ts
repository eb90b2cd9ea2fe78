/** A connection to the broker under one identity. */
import type { NatsConnection } from '@nats-io/nats-core';
import { nkeyAuthenticator } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { readSeed } from './credentials.js';

/** @throws Fault unauthorized on a missing or exposed seed file; the client's own error when the broker is not there */
export async function connectAs(url: string, seedFile: string, name: string): Promise<NatsConnection> {
  const seed = await readSeed(seedFile);
  return connect({ servers: url, authenticator: nkeyAuthenticator(seed), name, maxReconnectAttempts: -1, reconnectTimeWait: 250 });
}
