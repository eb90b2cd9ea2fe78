/**
 * Who lets an effect out: the policy at once, or the operator by a decision.
 *
 * I1 an effect is judged once; a repeat changes nothing
 * I2 an authorization follows an `allow` verdict or an approval of the same commit, never anything else
 * I3 a decision counts once, for the digest that was shown, before the gate expires; a second one is no event
 * I4 a decision that does not count is on record, and nothing goes out by it
 * I5 after an unknown outcome only an approval sends again, as the next generation
 * I6 a share of what goes without a decision is put up for review in the same commit, drawn by the effect alone
 */
import type { Authorization, DecideGate, GateEvent, JudgedFacts, PolicyDocument } from '@soloist/contracts';
import { isRejection, reject, type EffectClass, type Rejection, type Trust } from '@soloist/kernel';
import { closed, expired, isDue, refused, TIME_OVER } from './gate-closing.js';
import { edited, type JudgedEdit } from './gate-edit.js';
import { askForReview } from './gate-review.js';
import { GATE_EXPIRED, grantedGeneration, nextGateId, type Card, type GateRecord, type GateState } from './gate-state.js';
import type { Verdict } from './policy.js';

export type UnsignedAuthorization = Omit<Authorization, 'nonce' | 'keyId' | 'signature'>;
/** Adds nonce, key id and signature. Pure: the same authorization always gets the same ones. */
export type Seal = (authorization: UnsignedAuthorization) => Authorization;

export interface EffectRequest {
  readonly runId: string;
  readonly effectId: string;
  readonly epoch: number;
  readonly action: string;
  readonly args: Authorization['args'];
  readonly digest: string;
  readonly effectClass: EffectClass;
  readonly trust: Trust;
  readonly dataSubject: string;
}

/** The policy version a decision is made under, and the stop generation it saw. */
export interface Terms {
  readonly policyVersion: string;
  readonly document: Pick<PolicyDocument, 'gateExpiresAfterHours' | 'authorizationExpiresAfterMinutes' | 'reviewShare'>;
  readonly stopGeneration: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** What a verdict rested on, kept with it. */
export interface Seen {
  readonly facts?: JudgedFacts;
  readonly approvals?: number;
}

/** @param draw the effect's own number, at least 0 and below 1; 1 is never drawn */
export function judgeRequest(state: GateState, request: EffectRequest, verdict: Verdict, terms: Terms, now: string, seal: Seal, seen: Seen = {}, draw = 1): readonly GateEvent[] {
  if (state.judged.has(request.effectId)) return [];
  const { effectId, action, digest, effectClass, trust } = request;
  const { policyVersion } = terms;
  const judged: GateEvent = {
    type: 'governance.gate.judged',
    data: { effectId, generation: 1, action, digest, effectClass, trust, verdict: verdict.verdict, reasons: [...verdict.reasons], policyVersion, code: verdict.code, ...(verdict.kind === undefined ? {} : { kind: verdict.kind }), ...seen },
  };
  switch (verdict.verdict) {
    case 'allow':
      return [judged, authorized(request, 1, terms, now, seal), ...askForReview(request, terms.document, draw)];
    case 'gate':
      return [judged, opened(state, request, { kind: 'outward-effect', generation: 1, reasons: verdict.reasons }, terms, now)];
    case 'refuse':
      return [judged, refused(effectId, 1, verdict.code, verdict.reasons.join(' '))];
  }
}

export interface UnknownOutcome {
  readonly runId: string;
  readonly effectId: string;
  readonly generation: number;
  readonly reasons: readonly string[];
}

/** Asks what to do about an effect that may or may not have happened. */
export function openUnknownGate(state: GateState, unknown: UnknownOutcome, terms: Terms, now: string): readonly GateEvent[] {
  const { effectId, generation, reasons } = unknown;
  const attempted = state.authorizations.get(effectId);
  if (attempted === undefined || attempted.generation !== generation) return [];
  const isAsked = [...state.gates.values()].some(({ card }) => card.kind === 'unknown-outcome' && card.effectId === effectId && card.generation === generation);
  if (isAsked) return [];
  return [opened(state, attempted, { kind: 'unknown-outcome', generation, reasons }, terms, now)];
}

/**
 * @param hindrance what forbids an approval at this moment (a company stop, erased arguments, an outcome known by now)
 * @param edit what was found out about the wish's edit at this moment; null when it has none
 */
export function decideGate(
  state: GateState,
  commandId: string,
  wish: DecideGate,
  terms: Terms,
  hindrance: Rejection | null,
  now: string,
  seal: Seal,
  edit: ((card: Card, now: string) => JudgedEdit | Rejection) | null = null,
): readonly GateEvent[] {
  if (state.refusedCommands.has(commandId)) return [];
  const record = state.gates.get(wish.gateId);
  const { type: _wish, runId: _run, edit: _edit, ...said } = wish;
  const no = (code: string, because: string): GateEvent => ({ type: 'governance.gate.decision-refused', data: { ...said, commandId, code, because } });
  if (record === undefined) return [no('gate.unknown', `This run has no gate ${wish.gateId}. List the open gates and decide one of them.`)];
  const { card } = record;
  if (wish.digest !== card.digest) return [no('gate.digest-mismatch', 'The decision was made about another action than the one at this gate. Open the gate again and decide what it shows.')];
  if (record.standing !== 'open') return [];
  if (isDue(card, now)) return [no(GATE_EXPIRED, `The gate was open until ${card.expiresAt}.`), ...expired(card, TIME_OVER)];
  if (wish.decision === 'approve' && hindrance !== null) return [no(hindrance.code, hindrance.because)];
  const judged = wish.edit === undefined ? null : (edit?.(card, now) ?? reject('gate.edit-invalid', 'Nobody has judged the edit.'));
  if (isRejection(judged)) return [no(judged.code, judged.because)];
  return taken(record, commandId, wish, judged, terms, now, seal);
}

function taken({ card }: GateRecord, commandId: string, wish: DecideGate, judged: JudgedEdit | null, terms: Terms, now: string, seal: Seal): readonly GateEvent[] {
  const { gateId, decision, by, surface, digest, reason } = wish;
  const decided: GateEvent = { type: 'governance.gate.decided', data: { gateId, commandId, decision, by, surface, digest, reason } };
  if (decision === 'reject') return [decided, closed(card, 'gate.rejected', 'The operator said no.')];
  const granted = { ...card, runId: wish.runId };
  if (wish.edit === undefined || judged === null) return [decided, authorized(granted, grantedGeneration(card), terms, now, seal)];
  const changed = { ...granted, args: wish.edit.args, digest: judged.digest };
  return [decided, edited(card, commandId, wish, wish.edit, judged), authorized(changed, grantedGeneration(card), terms, now, seal)];
}

function opened(
  state: GateState,
  effect: Omit<EffectRequest, 'trust'>,
  asked: Pick<Card, 'kind' | 'generation'> & { readonly reasons: readonly string[] },
  terms: Terms,
  now: string,
): GateEvent {
  const { runId, effectId, epoch, action, args, digest, effectClass, dataSubject } = effect;
  const expiresAt = later(now, terms.document.gateExpiresAfterHours * HOUR_MS);
  return {
    type: 'governance.gate.opened',
    data: { gateId: nextGateId(state, runId), ...asked, reasons: [...asked.reasons], effectId, epoch, action, args, digest, effectClass, dataSubject, expiresAt, policyVersion: terms.policyVersion },
  };
}

function authorized(effect: Omit<EffectRequest, 'trust'>, generation: number, terms: Terms, now: string, seal: Seal): GateEvent {
  const { runId, effectId, epoch, action, args, digest, effectClass, dataSubject } = effect;
  const expiresAt = later(now, terms.document.authorizationExpiresAfterMinutes * MINUTE_MS);
  const { policyVersion, stopGeneration } = terms;
  return {
    type: 'governance.gate.authorized',
    data: seal({ runId, effectId, generation, action, args, digest, effectClass, epoch, stopGeneration, policyVersion, expiresAt, dataSubject }),
  };
}

function later(now: string, ms: number): string {
  return new Date(Date.parse(now) + ms).toISOString();
}
