/**
 * The effect table of a run: what was tried outside, keyed by the run. Every commit carries the whole table, so that
 * the head alone tells the truth and this service needs no right to read the log.
 *
 * I1 a generation of an effect is attempted at most once, and only with an authorization that was never used
 * I2 what succeeded or failed stays so; `unknown` may still turn out to have succeeded, never the other way round
 * I3 a refusal is recorded once for each effect and generation, and is the last word on it: the run was told that nothing
 *    was done, so nothing is done any more, by whatever worker and clock
 * I4 only a read has an outcome that was never attempted: it is recorded once, by whoever was first
 */
import { reject, type EffectClass, type Rejection } from '@soloist/kernel';
import type { EffectEvent, EffectLine } from '@soloist/contracts';

export interface EffectTable {
  readonly lines: readonly EffectLine[];
  /** `<effect>-g<generation>:<code>` of every refusal on record. */
  readonly refusals: readonly string[];
}

export interface EffectId {
  readonly effectId: string;
  readonly generation: number;
}

export const initialEffects: EffectTable = { lines: [], refusals: [] };

/** Names one try for ever: it is the key on the wire and, in a mail, the Message-ID. */
export function idempotencyKeyOf({ effectId, generation }: EffectId): string {
  return `${effectId}-g${generation}`;
}

export function lineOf(table: EffectTable, which: EffectId): EffectLine | undefined {
  return table.lines.find((line) => line.effectId === which.effectId && line.generation === which.generation);
}

/** No outcome on record, though it was claimed: nobody knows until somebody looks. Armed or not makes no difference. */
export function isInDoubt(line: EffectLine): boolean {
  return line.state === 'attempted';
}

export function evolveEffects(table: EffectTable, event: EffectEvent): EffectTable {
  switch (event.type) {
    case 'connectors.effect.attempted': {
      const { epoch: _, claimName: __, ...line } = event.data;
      return { ...table, lines: [...table.lines, { ...line, state: 'attempted' }] };
    }
    case 'connectors.effect.succeeded':
      return withState(table, event.data, 'succeeded');
    case 'connectors.effect.failed':
      return withState(table, event.data, 'failed');
    case 'connectors.effect.unknown':
      return withState(table, event.data, 'unknown');
    case 'connectors.effect.refused':
      return { ...table, refusals: [...table.refusals, refusalKey(event.data, event.data.code)] };
    case 'connectors.effect.snapshotted':
      return { lines: event.data.lines, refusals: event.data.refusals };
  }
}

export function snapshotOfEffects(table: EffectTable): EffectEvent {
  return { type: 'connectors.effect.snapshotted', data: { lines: [...table.lines], refusals: [...table.refusals] } };
}

/** What a read brought. */
export type ReadOutcome =
  | { readonly kind: 'succeeded'; readonly dataSubject: string; readonly receipt: Succeeded['receipt'] }
  | { readonly kind: 'failed'; readonly faultKind: string; readonly code: string; readonly because: string };

/** The outcome of a read and its place in the table, in one. */
export function concludeRead(table: EffectTable, wanted: Omit<Attempted, 'epoch' | 'claimName'>, outcome: ReadOutcome): readonly EffectEvent[] | Rejection {
  if (wanted.effectClass !== 'read-only') return reject('effect.never-attempted', `${wanted.action} is ${wanted.effectClass}: without a claim it has no outcome.`);
  const refusal = refusalOfAttempt(table, wanted);
  if (refusal !== null) return refusal;
  const { action, digest, nonce } = wanted;
  const { kind, ...said } = outcome;
  const data = { ...named(wanted), ...said, unclaimed: { action, digest, nonce } };
  if (kind === 'succeeded') return [{ type: 'connectors.effect.succeeded', data: { ...(data as typeof data & Pick<Succeeded, 'dataSubject' | 'receipt'>), knownBy: 'wire' } }];
  return [{ type: 'connectors.effect.failed', data: data as Failed }];
}

export interface Attempted extends EffectId {
  readonly action: string;
  readonly digest: string;
  readonly nonce: string;
  readonly effectClass: EffectClass;
  readonly epoch: number;
  readonly claimName: string;
}

/** The claim's place in the table. Whether the authorization is good is judged in `claim.ts`. */
export function attempt(table: EffectTable, wanted: Attempted): readonly EffectEvent[] | Rejection {
  const refusal = refusalOfAttempt(table, wanted);
  if (refusal !== null) return refusal;
  const { effectId, generation, action, digest, nonce, effectClass, epoch, claimName } = wanted;
  const data = { effectId, generation, action, digest, nonce, effectClass, idempotencyKey: idempotencyKeyOf(wanted), epoch, claimName };
  return [{ type: 'connectors.effect.attempted', data }];
}

function refusalOfAttempt(table: EffectTable, wanted: Pick<Attempted, 'effectId' | 'generation' | 'nonce'>): Rejection | null {
  const { effectId, generation } = wanted;
  if (lineOf(table, wanted) !== undefined) {
    return reject('effect.generation-attempted', `Generation ${generation} of effect ${effectId} was attempted before; a repeat needs the next generation.`);
  }
  if (isRefused(table, wanted)) {
    return reject('effect.refused-before', `Generation ${generation} of effect ${effectId} was refused, and the run was told so; it is not done after that. Ask for it anew.`);
  }
  if (table.lines.some((line) => line.nonce === wanted.nonce)) {
    return reject('authorization.used', 'The authorization was used before; each is good for one attempt.');
  }
  const others = table.lines.filter((line) => line.effectId === effectId);
  if (others.some((line) => line.generation > generation)) {
    return reject('effect.generation-superseded', `A later generation of effect ${effectId} was attempted already.`);
  }
  if (others.some((line) => line.state === 'succeeded')) {
    return reject('effect.already-succeeded', `Effect ${effectId} has succeeded in an earlier generation; it is not done twice.`);
  }
  if (others.some(isInDoubt)) {
    return reject('effect.in-doubt', `An earlier generation of effect ${effectId} is not settled yet.`);
  }
  return null;
}

type Failed = Extract<EffectEvent, { type: 'connectors.effect.failed' }>['data'];
type Succeeded = Extract<EffectEvent, { type: 'connectors.effect.succeeded' }>['data'];

export function succeed(table: EffectTable, outcome: Succeeded): readonly EffectEvent[] | Rejection {
  const line = lineOf(table, outcome);
  if (line === undefined) return neverAttempted(outcome);
  if (line.state === 'succeeded') return [];
  if (line.state === 'failed') return settled(line);
  return [{ type: 'connectors.effect.succeeded', data: outcome }];
}

export function fail(table: EffectTable, which: EffectId, fault: { faultKind: string; code: string; because: string }): readonly EffectEvent[] | Rejection {
  const line = lineOf(table, which);
  if (line === undefined) return neverAttempted(which);
  if (!isInDoubt(line)) return line.state === 'succeeded' ? settled(line) : [];
  return [{ type: 'connectors.effect.failed', data: { ...named(which), ...fault } }];
}

export function leaveUnknown(table: EffectTable, which: EffectId, because: string, reconcileHint: string): readonly EffectEvent[] | Rejection {
  const line = lineOf(table, which);
  if (line === undefined) return neverAttempted(which);
  if (!isInDoubt(line)) return [];
  return [{ type: 'connectors.effect.unknown', data: { ...named(which), because, reconcileHint } }];
}

export function refuse(table: EffectTable, which: EffectId, refusal: Rejection): readonly EffectEvent[] {
  if (isRefused(table, which)) return [];
  return [{ type: 'connectors.effect.refused', data: { ...named(which), code: refusal.code, because: refusal.because } }];
}

function isRefused(table: EffectTable, which: EffectId): boolean {
  return table.refusals.some((refusal) => refusal.startsWith(refusalKey(which, '')));
}

function withState(table: EffectTable, which: EffectId & { readonly unclaimed?: Succeeded['unclaimed'] }, state: EffectLine['state']): EffectTable {
  const { unclaimed } = which;
  if (unclaimed !== undefined && lineOf(table, which) === undefined) {
    return { ...table, lines: [...table.lines, { ...named(which), ...unclaimed, idempotencyKey: idempotencyKeyOf(which), effectClass: 'read-only', state }] };
  }
  const isIt = (line: EffectLine): boolean => line.effectId === which.effectId && line.generation === which.generation;
  return { ...table, lines: table.lines.map((line) => (isIt(line) ? { ...line, state } : line)) };
}

function refusalKey(which: EffectId, code: string): string {
  return `${idempotencyKeyOf(which)}:${code}`;
}

function named({ effectId, generation }: EffectId): EffectId {
  return { effectId, generation };
}

function neverAttempted(which: EffectId): Rejection {
  return reject('effect.never-attempted', `Generation ${which.generation} of effect ${which.effectId} was never attempted, so it has no outcome.`);
}

function settled(line: EffectLine): Rejection {
  return reject('effect.settled', `Generation ${line.generation} of effect ${line.effectId} is ${line.state}; that does not change.`);
}
