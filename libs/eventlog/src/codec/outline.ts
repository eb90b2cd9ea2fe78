/**
 * What a stored commit says of itself on its outside: enough to tell that nobody here reacts to it, without opening what
 * is sealed in it or holding it to its contracts.
 *
 * I1 nothing is told of a message that this release may not be able to read, or whose headers and body do not fit each
 *    other: whoever gets none decodes it, and it is held or buried as ever
 */
import { EVENT_CONTRACTS, parseSubject } from '@soloist/contracts';
import type { CommitOutline } from '../event-log.port.js';
import { commitHash } from './commit-hash.js';
import { COMMIT_ID, HASH, headerReader, lookInto, TYPE } from './decode-commit.js';
import { FormError, type Contracts } from './event-form.js';
import { HEADER, type StoredMessage } from './message.js';

/** Null: only decoding tells what to make of it. */
export function outlineOf(message: StoredMessage, contracts: Contracts = EVENT_CONTRACTS): CommitOutline | null {
  try {
    const header = headerReader(message.headers);
    const address = parseSubject(message.subject);
    const types = header.required(HEADER.types).split(',').map((text) => knownType(text, contracts));
    if (address?.kind !== 'evt' || !types.every((type) => type?.startsWith(`${address.context}.${address.entity}.`) === true)) return null;
    if (lookInto(message).length !== types.length) return null;
    for (const name of [HEADER.actor, HEADER.at]) header.required(name);
    header.required(HEADER.commit, COMMIT_ID);
    return {
      types: types as readonly string[],
      prev: header.optional(HEADER.prev, HASH),
      fence: header.optional(HEADER.fence),
      hash: () => commitHash(message),
    };
  } catch (error) {
    if (error instanceof FormError) return null;
    throw error;
  }
}

/** Null of a type or version that another release wrote. */
function knownType(text: string, contracts: Contracts): string | null {
  const [, type, version] = TYPE.exec(text) ?? [];
  const contract = type === undefined ? undefined : contracts.get(type);
  return type !== undefined && contract !== undefined && Number(version) <= contract.version ? type : null;
}
