/** What was done outside with one authorization, and how that is known. */
import type { ArmingEvent, EffectEvent, GateEvent } from '@soloist/contracts';
import { missing, only, open, recorded, type Seen, type WhyLine } from './why-line.js';

type Ended = Extract<EffectEvent, { type: 'connectors.effect.succeeded' | 'connectors.effect.failed' | 'connectors.effect.unknown' | 'connectors.effect.refused' }>;
type Attempted = Extract<EffectEvent, { type: 'connectors.effect.attempted' }>;

export function outcomeLines(named: readonly Seen[], generation: number): readonly WhyLine[] {
  const own = named.filter(({ event }) => (event.data as { readonly generation?: unknown }).generation === generation);
  const [attempted] = only<EffectEvent, 'connectors.effect.attempted'>(own, 'connectors.effect.attempted');
  const armed = only<ArmingEvent, 'connectors.arming.armed'>(own, 'connectors.arming.armed');
  const ends = only<Ended, Ended['type']>(own, 'connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.unknown', 'connectors.effect.refused');
  const [authorized] = only<GateEvent, 'governance.gate.authorized'>(own, 'governance.gate.authorized');
  if (attempted === undefined && ends.length === 0 && armed.length === 0) return authorized === undefined ? [] : [open('attempt', 'It was not attempted yet.')];
  return [
    ...attempt(attempted, ends, authorized?.event.data.digest ?? null),
    ...armed.map((seen) => recorded('arming', seen, 'It was let onto the wire where the company stop stood.', { 'stop stood at': seen.event.data.haltSequence })),
    ...(armed.length === 0 && attempted !== undefined && ends.some(isSuccess) ? [missing('arming', 'It was done, but that it was let onto the wire is not on record.')] : []),
    ...ends.map((end) => ending(end)),
    ...(ends.length === 0 ? [named.some(wasObserved) ? missing('outcome', 'The run went on with an outcome that is not on record.') : open('outcome', 'No outcome is on record: it is being done, or in doubt.')] : []),
  ];
}

function wasObserved({ event }: Seen): boolean {
  return event.type === 'runtime.loop.effect-observed';
}

function isSuccess({ event }: Seen<Ended>): boolean {
  return event.type === 'connectors.effect.succeeded';
}

function attempt(attempted: Seen<Attempted> | undefined, ends: readonly Seen<Ended>[], authorizedDigest: string | null): readonly WhyLine[] {
  if (attempted !== undefined) {
    const { action, digest, idempotencyKey, nonce, epoch, claimName } = attempted.event.data;
    const fits = authorizedDigest === null || digest === authorizedDigest;
    return [recorded('attempt', attempted, fits ? `${action} was claimed for the one attempt.` : `${action} was claimed with another digest than was authorized.`, { digest, 'idempotency key': idempotencyKey, nonce, epoch, claim: claimName }, fits ? 'recorded' : 'mismatch')];
  }
  // A read is not claimed, and what was not acted on was not attempted.
  const needsNone = ends.every(({ event }) => event.type === 'connectors.effect.refused' || (event.type !== 'connectors.effect.unknown' && event.data.unclaimed !== undefined));
  return needsNone && ends.length > 0 ? [] : [missing('attempt', 'That it was attempted is not on record.')];
}

function ending(seen: Seen<Ended>): WhyLine {
  const { event } = seen;
  switch (event.type) {
    case 'connectors.effect.succeeded': {
      const { receipt, knownBy } = event.data;
      const how = knownBy === 'wire' ? 'the answer on the wire' : 'a look at the world afterwards';
      return recorded('outcome', seen, `It was done; that is known by ${how}.`, { receipt });
    }
    case 'connectors.effect.failed':
      return recorded('outcome', seen, `It failed (${event.data.code}): ${event.data.because}`);
    case 'connectors.effect.unknown':
      return recorded('outcome', seen, `Its outcome is unknown: ${event.data.because}`, { hint: event.data.reconcileHint });
    case 'connectors.effect.refused':
      return recorded('outcome', seen, `The authorization was not acted on (${event.data.code}): ${event.data.because}`);
  }
}
