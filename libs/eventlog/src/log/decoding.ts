/**
 * How stored messages become commits. A real log reads the bytes each time; the in-memory log may be told to keep what
 * it decoded, since its messages never change and the same commit is read by many simulated processes.
 *
 * I1 nothing is kept that did not decode: poison is judged anew by each of its readers
 * I2 what is kept is frozen, so that no reader can change what another sees
 */
import { decodeWithKeys, keysOf } from '../codec/decode-commit.js';
import type { Keys } from '../codec/event-form.js';
import type { HeaderPair, StoredMessage } from '../codec/message.js';
import type { Commit, KeyTable } from '../event-log.port.js';

export interface Decoding {
  /** @throws Fault as the codec does */
  one(message: StoredMessage): Promise<Commit>;
  /** @throws Fault as the codec does */
  many(messages: readonly StoredMessage[]): Promise<readonly Commit[]>;
  /** Fetches what is needed, so that decoding itself waits for nothing; never throws itself. */
  prepare(message: StoredMessage): Promise<() => Commit>;
}

export function decodingWith(keys: KeyTable): Decoding {
  return {
    one: async (message) => decodeWithKeys(message, await keysOf([message], keys)),
    many: async (messages) => {
      const fetched = await keysOf(messages, keys);
      return messages.map((message) => decodeWithKeys(message, fetched));
    },
    prepare: async (message) => {
      const fetched = await keysOf([message], keys).catch((failure: unknown) => ({ failure }));
      return () => {
        if ('failure' in fetched) throw fetched.failure;
        return decodeWithKeys(message, fetched as Keys);
      };
    },
  };
}

interface Kept {
  readonly headers: readonly HeaderPair[];
  readonly sequence: number;
  readonly commit: Commit;
}

/** By the stored body, which belongs to one message; for logs whose keys are never erased. */
export class KeptCommits {
  readonly #kept = new WeakMap<Uint8Array, Kept>();

  around(inner: Decoding): Decoding {
    return {
      one: async (message) => this.#of(message) ?? this.#keep(message, await inner.one(message)),
      many: async (messages) => {
        const known = messages.map((message) => this.#of(message));
        if (known.every((commit) => commit !== null)) return known;
        const decoded = await inner.many(messages.filter((_, index) => known[index] === null));
        let next = 0;
        return messages.map((message, index) => known[index] ?? this.#keep(message, decoded[next++] as Commit));
      },
      prepare: async (message) => {
        const known = this.#of(message);
        if (known !== null) return () => known;
        const decode = await inner.prepare(message);
        return () => this.#of(message) ?? this.#keep(message, decode());
      },
    };
  }

  #of({ body, headers, sequence }: StoredMessage): Commit | null {
    const kept = this.#kept.get(body);
    return kept?.headers === headers && kept.sequence === sequence ? kept.commit : null;
  }

  #keep({ body, headers, sequence }: StoredMessage, commit: Commit): Commit {
    this.#kept.set(body, { headers, sequence, commit: frozen(commit) });
    return commit;
  }
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  for (const member of Object.values(value)) frozen(member);
  return Object.freeze(value);
}
