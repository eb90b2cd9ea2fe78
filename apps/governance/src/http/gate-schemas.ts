/** The shapes of gates: what the card says, and what the operator says to it. */
import { Digest, Id, JsonObject, Timestamp } from '@soloist/contracts';
import { z } from 'zod';
import { GATE_STATES } from '../ports/governance-view.port.js';

const GateId = z.string().regex(/^[a-z0-9-]{1,56}-g[1-9][0-9]{0,4}$/, 'must be a gate id, <run id>-g<number>');
const Surface = z.enum(['cli', 'api', 'page']);
const Who = z.strictObject({ by: z.string(), surface: z.string() });

/** Something about the action that a reader should not miss. `code` is stable. */
export const Badge = z.strictObject({ code: z.string(), text: z.string(), isWarning: z.boolean() }).meta({ id: 'Badge' });
export type Badge = z.output<typeof Badge>;

/**
 * What a sentence of the action's text rests on: numbers of `sources`, matched word by word. `isUnsupported`: it holds a
 * figure that no source has. `isWithoutReceipt`: it says that something was done, and nothing this run did bears it out.
 */
export const Sentence = z.strictObject({ text: z.string(), sources: z.array(z.int()), isUnsupported: z.boolean(), isWithoutReceipt: z.boolean() }).meta({ id: 'Sentence' });
export type Sentence = z.output<typeof Sentence>;

export const Attachment = z.strictObject({ name: z.string(), bytes: z.int().nullable(), sha256: z.string().nullable() }).meta({ id: 'Attachment' });
export type Attachment = z.output<typeof Attachment>;

/** Exactly what is decided about. `args` are the action's own, never a model's words about them. */
export const GateCard = z
  .strictObject({
    gateId: z.string(),
    runId: Id,
    agent: z.string().nullable(),
    kind: z.enum(['outward-effect', 'unknown-outcome']),
    state: z.enum(GATE_STATES),
    /** What happens on an approval, in a few words made from the action. */
    what: z.string(),
    action: z.string(),
    args: z.json(),
    to: z.array(z.string()),
    attachments: z.array(Attachment),
    effectClass: z.string(),
    why: z.array(z.string()),
    badges: z.array(Badge),
    /** What came in and set the run off. Null when it was no message, or its sender was erased. */
    trigger: z.strictObject({ from: z.string(), subject: z.string(), receivedAt: z.string() }).nullable(),
    /** The model's own words beside the action. Never part of what is decided about. */
    agentSays: z.string().nullable(),
    sources: z.array(z.json()),
    sentences: z.array(Sentence),
    costMicros: z.int().nonnegative(),
    currency: z.string().nullable(),
    /** Of the decisions about this action before this gate opened; `share` is null below ten. */
    confidence: z.strictObject({ decisions: z.int(), approvedUnchanged: z.int(), share: z.number().nullable() }),
    digest: Digest,
    effectId: Id,
    generation: z.int(),
    policyVersion: z.string(),
    openedAt: z.string(),
    expiresAt: z.string(),
    undo: z.string(),
    decidedBy: Who.nullable(),
    isAuthorized: z.boolean(),
    /** What the operator made of the action before he approved it. */
    edit: z.strictObject({ digest: Digest, fields: z.array(z.string()), args: z.json() }).nullable(),
    reminders: z.int(),
    isEscalated: z.boolean(),
    snoozedUntil: z.string().nullable(),
  })
  .meta({ id: 'GateCard' });
export type GateCard = z.output<typeof GateCard>;

const Verdict = z.enum(['approve', 'reject']);
const Reason = z.string().max(2_000).nullable().default(null);

export const Decision = z
  .strictObject({
    decision: Verdict,
    digest: Digest,
    reason: Reason,
    surface: Surface.default('api'),
    /** Other arguments for the same action, and the digest of exactly these. With an approval only. */
    edit: z.strictObject({ args: JsonObject, digest: Digest }).optional(),
  })
  .meta({ id: 'Decision' });
export type Decision = z.output<typeof Decision>;

export const DecisionOutcome = z
  .strictObject({ gateId: z.string(), state: z.enum(GATE_STATES), decidedBy: Who.nullable(), alreadyDecided: z.boolean(), authorized: z.boolean() })
  .meta({ id: 'DecisionOutcome' });
export type DecisionOutcome = z.output<typeof DecisionOutcome>;

/** One word for gates of one class: same kind, action, effect class and policy. Each by its own digest. */
export const BatchDecision = z
  .strictObject({ decision: Verdict, gates: z.array(z.strictObject({ gateId: GateId, digest: Digest })).min(1).max(100), reason: Reason, surface: Surface.default('api') })
  .meta({ id: 'BatchDecision' });
export type BatchDecision = z.output<typeof BatchDecision>;

/** Each gate's own outcome, in the order asked; a refused one says why and spoils no other. `outcome` null: not on record yet. */
export const BatchOutcome = z
  .strictObject({
    gates: z.array(
      z.strictObject({ gateId: z.string(), outcome: DecisionOutcome.nullable(), error: z.strictObject({ code: z.string(), message: z.string() }).nullable() }),
    ),
  })
  .meta({ id: 'BatchOutcome' });
export type BatchOutcome = z.output<typeof BatchOutcome>;

export const Snooze = z.strictObject({ until: Timestamp, surface: Surface.default('api') }).meta({ id: 'Snooze' });
export type Snooze = z.output<typeof Snooze>;
export const SnoozeOutcome = z.strictObject({ gateId: z.string(), state: z.enum(GATE_STATES), snoozedUntil: z.string().nullable() }).meta({ id: 'SnoozeOutcome' });
export type SnoozeOutcome = z.output<typeof SnoozeOutcome>;

/** Opens the approval page of this one gate until the gate's end. Whoever holds it can decide: pass it to nobody. */
export const GateLink = z.strictObject({ gateId: z.string(), url: z.string(), expiresAt: z.string() }).meta({ id: 'GateLink' });
export type GateLink = z.output<typeof GateLink>;
