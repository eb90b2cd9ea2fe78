/** Governance without files and PostgreSQL: rows, keys and token in memory. For rehearsal, simulation and tests. */
import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import type { LogConnection } from '@soloist/eventlog';
import type { OpenPorts } from '@soloist/service';
import { signerOf } from './adapters/ed25519.authorization-signer.js';
import { HashedApiTokens, hashOf, memoryRegister, randomToken } from './adapters/hashed.api-tokens.js';
import { approvalLinksOf } from './adapters/hmac.approval-links.js';
import { intervalRounds } from './adapters/interval.rounds.js';
import type { Catalog } from './ports/catalog.port.js';
import type { GovernancePorts } from './ports/governance-ports.js';
import type { Rounds } from './ports/rounds.port.js';
import { MemoryGovernanceView } from './projections/memory.governance-view.js';

export interface InMemoryGovernance {
  readonly opened: OpenPorts<GovernancePorts>;
  readonly publicKey: KeyObject;
  /** The clear token of the API. */
  readonly token: string;
}

const inProcess = intervalRounds(() => undefined);

export function openGovernanceInMemory(connection: LogConnection, catalog: Catalog, keys = generateKeyPairSync('ed25519'), rounds: Rounds = inProcess): InMemoryGovernance {
  const token = randomToken();
  const view = new MemoryGovernanceView(connection.log);
  const ports: GovernancePorts = { signer: signerOf(keys.privateKey), catalog, view, tokens: new HashedApiTokens(hashOf(token), memoryRegister()), rounds, links: approvalLinksOf(randomBytes(32)) };
  return { opened: { ports, projections: [view], close: () => Promise.resolve() }, publicKey: keys.publicKey, token };
}
