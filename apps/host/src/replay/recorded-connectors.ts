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
import { RecordEnds, type ReplayMoment } from '@soloist/service';
import { eventsOf } from './recorded-episode.js';
import { unreachable } from './unreachable.js';

type Receipt = Readonly<Record<string, unknown>>;

export async function recordedConnectors(secretsFolder: string): Promise<(moment: ReplayMoment) => ConnectorsPorts> {
  const publicKey = createPublicKey(await readFile(join(secretsFolder, PUBLIC_KEY_FILE)));
  const mail = mailConnector({
    from: 'replay@invalid',
    // Preparing a mail asks where it would go; where sending would begin, `fromRecord` answers instead.
    endpoint: () => Promise.resolve({ host: 'replay.invalid', port: 25, isSecure: false, login: null }),
    look: () => Promise.reject(new Fault('transient', 'replay.fenced', 'a replay looks at the record, not at the world')),
  });
  return (moment) => ({
    connectors: [{ ...mail, actions: mail.actions.map((action) => fromRecord(action, moment)) }],
    authorizations: { isGenuine: (authorization) => Promise.resolve(isAuthentic(authorization, publicKey)) },
    arrivals: unreachable('arrivals'),
    postOffice: unreachable('post office'),
    stopwatch: () => 0,
    incarnation: looksFirst(moment) ? 2 : 1,
    claimName: (key) => claimAhead(key, moment)?.claimName ?? key,
  });
}

/** Whether this delivery's outcome came from a look: after a restore the world was looked at before the wire. */
function looksFirst(moment: ReplayMoment): boolean {
  return eventsOf<EffectEvent>(moment.ahead()).some(
    ({ type, data }) => (type === 'connectors.effect.succeeded' && data.knownBy === 'reconciled') || (type === 'connectors.effect.unknown' && data.because.includes('brought back from a backup')),
  );
}

/** What the worker called the claim that is about to be made again. */
function claimAhead(key: string, moment: ReplayMoment): Extract<EffectEvent, { type: 'connectors.effect.attempted' }>['data'] | undefined {
  return eventsOf<EffectEvent>(moment.ahead())
    .flatMap((event) => (event.type === 'connectors.effect.attempted' ? [event.data] : []))
    .find(({ idempotencyKey }) => idempotencyKey === key);
}

function fromRecord(action: OutwardAction, moment: ReplayMoment): OutwardAction {
  return {
    ...action,
    prepare: async (args, identity) => {
      const prepared = await action.prepare(args, identity);
      return isRejection(prepared) ? prepared : { ...prepared, send: () => Promise.resolve(sent(identity.idempotencyKey, moment)) };
    },
    look: (identity) => Promise.resolve(seen(identity.idempotencyKey, moment)),
  };
}

function sent(key: string, moment: ReplayMoment): Receipt {
  const outcome = nextOutcome(key, moment);
  if (outcome === undefined) throw new RecordEnds(`no outcome of ${key} is on record for this delivery`);
  if (outcome.type === 'connectors.effect.succeeded') return outcome.data.receipt;
  if (outcome.type === 'connectors.effect.failed') throw new Fault(outcome.data.faultKind as FaultKind, outcome.data.code, outcome.data.because);
  throw new Fault('unknown-outcome', 'replay.unknown', outcome.data.because);
}

/** A look after which nothing was recorded saw nothing: what was unknown stayed so. */
function seen(key: string, moment: ReplayMoment): Sighting {
  const outcome = nextOutcome(key, moment);
  if (outcome?.type === 'connectors.effect.succeeded') return { kind: 'found', receipt: outcome.data.receipt };
  if (outcome?.type !== 'connectors.effect.unknown') return { kind: 'not-found', hint: '' };
  const couldTell = outcome.data.because.includes('not to be seen outside');
  return { kind: couldTell ? 'not-found' : 'cannot-tell', hint: outcome.data.reconcileHint };
}

type EffectOutcome = Extract<EffectEvent, { type: 'connectors.effect.succeeded' | 'connectors.effect.failed' | 'connectors.effect.unknown' }>;

/** What this very delivery recorded about the try, and not what came of it later. */
function nextOutcome(key: string, moment: ReplayMoment): EffectOutcome | undefined {
  return eventsOf<EffectEvent>(moment.ahead())
    .filter(
      (event): event is EffectOutcome =>
        event.type === 'connectors.effect.succeeded' || event.type === 'connectors.effect.failed' || event.type === 'connectors.effect.unknown',
    )
    .find(({ data }) => `${data.effectId}-g${data.generation}` === key);
}
