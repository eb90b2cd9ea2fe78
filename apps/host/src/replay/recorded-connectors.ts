/**
 * Connectors that prepare as in life and then answer from the record: arguments are checked and digests recomputed,
 * and where the wire would begin, the receipt on record is given back.
 */
import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mailConnector, type ConnectorsPorts, type OutwardAction, type Sighting } from '@soloist/connectors';
import type { EffectEvent } from '@soloist/contracts';
import { isAuthentic, PUBLIC_KEY_FILE } from '@soloist/governance';
import { Fault, isRejection, type FaultKind } from '@soloist/kernel';
import { eventsOf, type RecordedEpisode } from './recorded-episode.js';
import { unreachable } from './unreachable.js';

type Receipt = Readonly<Record<string, unknown>>;

export async function recordedConnectors(episode: RecordedEpisode, secretsFolder: string): Promise<ConnectorsPorts> {
  const events = eventsOf<EffectEvent>(episode.commits);
  const publicKey = createPublicKey(await readFile(join(secretsFolder, PUBLIC_KEY_FILE)));
  const mail = mailConnector({
    from: 'replay@invalid',
    // Preparing a mail asks where it would go; where sending would begin, `fromRecord` answers instead.
    endpoint: () => Promise.resolve({ host: 'replay.invalid', port: 25, isSecure: false, login: null }),
    look: () => Promise.reject(new Fault('transient', 'replay.fenced', 'a replay looks at the record, not at the world')),
  });
  return {
    connectors: [{ ...mail, actions: mail.actions.map((action) => fromRecord(action, events)) }],
    authorizations: { isGenuine: (authorization) => Promise.resolve(isAuthentic(authorization, publicKey)) },
    arrivals: unreachable('arrivals'),
    postOffice: unreachable('post office'),
    stopwatch: () => 0,
  };
}

function fromRecord(action: OutwardAction, events: readonly EffectEvent[]): OutwardAction {
  return {
    ...action,
    prepare: async (args, identity) => {
      const prepared = await action.prepare(args, identity);
      return isRejection(prepared) ? prepared : { ...prepared, send: () => Promise.resolve(sent(identity.idempotencyKey, events)) };
    },
    look: (identity) => Promise.resolve(seen(identity.idempotencyKey, events)),
  };
}

function sent(key: string, events: readonly EffectEvent[]): Receipt {
  const outcome = outcomeOf(key, events);
  if (outcome?.type === 'connectors.effect.succeeded') return outcome.data.receipt;
  if (outcome?.type === 'connectors.effect.failed') throw new Fault(outcome.data.faultKind as FaultKind, outcome.data.code, outcome.data.because);
  if (outcome?.type === 'connectors.effect.unknown') throw new Fault('unknown-outcome', 'replay.unknown', outcome.data.because);
  throw new Fault('transient', 'replay.effect-not-on-record', `no outcome of ${key} is on record`);
}

function seen(key: string, events: readonly EffectEvent[]): Sighting {
  const outcome = outcomeOf(key, events);
  if (outcome?.type === 'connectors.effect.succeeded') return { kind: 'found', receipt: outcome.data.receipt };
  if (outcome?.type !== 'connectors.effect.unknown') throw new Fault('transient', 'replay.effect-not-on-record', `no sighting of ${key} is on record`);
  const couldTell = outcome.data.because.includes('not to be seen outside');
  return { kind: couldTell ? 'not-found' : 'cannot-tell', hint: outcome.data.reconcileHint };
}

type EffectOutcome = Extract<EffectEvent, { type: 'connectors.effect.succeeded' | 'connectors.effect.failed' | 'connectors.effect.unknown' }>;

/** The last word on this try: an unknown outcome may have been settled later. */
function outcomeOf(key: string, events: readonly EffectEvent[]): EffectOutcome | undefined {
  const outcomes = events.filter(
    (event): event is EffectOutcome =>
      event.type === 'connectors.effect.succeeded' || event.type === 'connectors.effect.failed' || event.type === 'connectors.effect.unknown',
  );
  return outcomes.filter(({ data }) => `${data.effectId}-g${data.generation}` === key).at(0);
}
