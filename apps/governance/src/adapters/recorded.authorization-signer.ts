/** Signs from the record: for replay, which holds no key and must give back what was given then. */
import type { Authorization, GateEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { AuthorizationSigner } from '../ports/authorization-signer.port.js';

export function recordedSigner(commits: readonly Commit[]): AuthorizationSigner {
  const recorded = new Map<string, Authorization>();
  for (const event of commits.flatMap((commit) => commit.events) as readonly GateEvent[]) {
    if (event.type === 'governance.gate.authorized') recorded.set(event.data.nonce, event.data);
  }
  return {
    sign: (authorization) => {
      const found = recorded.get(authorization.nonce);
      if (found === undefined) throw new Fault('invalid', 'authorization.not-on-record', `no authorization of effect ${authorization.effectId}, generation ${authorization.generation}, is on record`);
      return { keyId: found.keyId, signature: found.signature };
    },
  };
}
