import { EFFECT_REACHES } from '@soloist/kernel';
import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { DataSubject, Digest, EffectClassName, Id, JsonObject, Timestamp, TrustLabel, VersionHash } from '../scalars.js';
import { ASKED_LEVELS, DATA_CLASSES, SINK_ROLES } from './policy.js';

/** What connectors may act on: complete in itself, bound to the digest of the exact action, signed, single use. */
export const Authorization = z.strictObject({
  runId: Id,
  effectId: Id,
  /** Counts deliberate repeats: a second attempt after an unknown outcome is generation 2, with its own decision. */
  generation: z.int().positive(),
  action: z.string(),
  /** Canonical arguments; sealed in the log, covered by the digest, which the signature covers. */
  args: JsonObject,
  digest: Digest,
  effectClass: EffectClassName,
  epoch: z.int().positive(),
  stopGeneration: z.int().nonnegative(),
  policyVersion: VersionHash,
  expiresAt: Timestamp,
  nonce: z.string(),
  dataSubject: DataSubject,
  keyId: z.string(),
  /** Ed25519 (RFC 8032) over the canonical JSON of all other fields but `args`; base64url. */
  signature: z.string(),
});
export type Authorization = z.output<typeof Authorization>;

/** The facts a verdict rested on, without a word of the arguments. */
export const JudgedFacts = z.strictObject({
  effect: z.enum(EFFECT_REACHES),
  context: TrustLabel,
  sinks: z.array(z.strictObject({ path: z.string(), role: z.enum(SINK_ROLES), trust: TrustLabel })).max(200),
  asked: z.enum(ASKED_LEVELS),
  isForbidden: z.boolean(),
  amountMicros: z.int().nonnegative().nullable(),
  reach: z.int().nonnegative(),
  hasNewRecipient: z.boolean(),
  repeats: z.int().nonnegative(),
  isReversible: z.boolean(),
  dataClass: z.enum(DATA_CLASSES),
  /** Null: nobody measured it. */
  confidence: z.number().min(0).max(1).nullable(),
  isQuietHours: z.boolean(),
});
export type JudgedFacts = z.output<typeof JudgedFacts>;

export const GateKind = z.enum(['outward-effect', 'unknown-outcome']);

/** Policy verdict, human decision, authorization: all that decides about a run's effects, keyed by the run. */
export const gate = entityContract('governance', 'gate', {
  judged: event(
    1,
    z.strictObject({
      effectId: Id,
      generation: z.int().positive(),
      action: z.string(),
      digest: Digest,
      effectClass: EffectClassName,
      trust: TrustLabel,
      verdict: z.enum(['allow', 'gate', 'refuse']),
      reasons: z.array(z.string()),
      policyVersion: VersionHash,
      /** Names the rule that decided; judgements before the rules came have none. */
      code: z.string().optional(),
      /** What the operator is asked about, for example `new-recipient`. */
      kind: z.string().optional(),
      /** What the rules saw, so that another policy can be tried on it without the arguments. */
      facts: JudgedFacts.optional(),
      /** How many approvals of the person's contact entity the run sees; its first judgement pins it. */
      approvals: z.int().nonnegative().optional(),
    }),
  ),
  /** The card: exactly what is decided about. `args` are the action's own, never text of a model about them. */
  opened: event(
    1,
    z.strictObject({
      gateId: Id,
      kind: GateKind,
      effectId: Id,
      generation: z.int().positive(),
      epoch: z.int().positive(),
      action: z.string(),
      args: JsonObject,
      digest: Digest,
      effectClass: EffectClassName,
      reasons: z.array(z.string()),
      dataSubject: DataSubject,
      expiresAt: Timestamp,
      policyVersion: VersionHash,
    }),
    { personal: ['args'] },
  ),
  decided: event(
    1,
    z.strictObject({
      gateId: Id,
      commandId: z.string(),
      decision: z.enum(['approve', 'reject']),
      by: z.string(),
      surface: z.string(),
      digest: Digest,
      reason: z.string().nullable(),
    }),
  ),
  /** A decision that was not taken: wrong digest, expired, unknown gate. Recorded with all that the wish said, and nothing goes out by it. */
  'decision-refused': event(
    1,
    z.strictObject({
      gateId: Id,
      commandId: z.string(),
      decision: z.enum(['approve', 'reject']),
      by: z.string(),
      surface: z.string(),
      digest: Digest,
      reason: z.string().nullable(),
      code: z.string(),
      because: z.string(),
    }),
  ),
  /** The operator changed the arguments and approved the changed ones: the authorization of the same commit carries them. */
  edited: event(
    1,
    z.strictObject({
      gateId: Id,
      commandId: z.string(),
      label: z.literal('edited by operator'),
      by: z.string(),
      surface: z.string(),
      digestBefore: Digest,
      digestAfter: Digest,
      /** Top-level fields that were added, taken away or given another value. */
      fields: z.array(z.string()),
      args: JsonObject,
      /** What the policy said about the changed action; a refusal is never edited past. */
      verdict: z.enum(['allow', 'gate']),
      reasons: z.array(z.string()),
      facts: JudgedFacts,
      dataSubject: DataSubject,
    }),
    { personal: ['args'] },
  ),
  /** A rung of the ladder: nobody has decided for a while. Decides nothing. */
  reminded: event(1, z.strictObject({ gateId: Id, number: z.int().positive(), dueAt: Timestamp })),
  escalated: event(1, z.strictObject({ gateId: Id, dueAt: Timestamp })),
  /** The operator does not want to hear of it before that moment; the gate's own end stays where it is. */
  snoozed: event(1, z.strictObject({ gateId: Id, commandId: z.string(), until: Timestamp, by: z.string(), surface: z.string() })),
  /** An effect that went without a decision is put up for a look afterwards: a fixed share of them, drawn by the effect's id. */
  'review-asked': event(1, z.strictObject({ effectId: Id, generation: z.int().positive(), action: z.string(), digest: Digest, share: z.number().gt(0).max(1) })),
  reviewed: event(1, z.strictObject({ effectId: Id, commandId: z.string(), verdict: z.enum(['right', 'wrong']), note: z.string(), by: z.string() })),
  /** Closed without a decision: its time was over, or its run had ended. */
  expired: event(1, z.strictObject({ gateId: Id, because: z.string() })),
  authorized: event(1, Authorization, { personal: ['args'] }),
  refused: event(1, z.strictObject({ effectId: Id, generation: z.int().positive(), code: z.string(), because: z.string() })),
});
export type GateEvent = EventOf<typeof gate>;
