/**
 * The company's policy: versioned data, judged by pure functions (requirements D4, V7; ADR 0009).
 *
 * I1 what no rule allows is refused, gated or not; a refusal beats a gate, a gate beats an allowance, whatever the order of the rules
 * I2 a rule that allows can only name the trust it needs at least, a rule that gates or refuses only the trust below which
 *    it fits. So by its grammar no document can make less trust count for more
 */
import { EFFECT_REACHES, TRUST_LEVELS } from '@soloist/kernel';
import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { VersionHash } from '../scalars.js';

/** What an argument decides about. The names of arguments and the look of their values tell which it is; `content` is what a message says. */
export const SINK_ROLES = ['recipient', 'account', 'amount', 'url', 'link', 'fetch', 'content', 'address', 'path', 'target', 'object', 'right', 'secret', 'command'] as const;
export type SinkRole = (typeof SINK_ROLES)[number];

/** Whether the operator's own words ask for an action of this family: yes · they hand the choice to a text · no. */
export const ASKED_LEVELS = ['asked', 'delegated', 'unasked'] as const;
export type Asked = (typeof ASKED_LEVELS)[number];

/** `local` never leaves the site that recorded it, `secret` never leaves connectors. */
export const DATA_CLASSES = ['public', 'internal', 'local', 'secret'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

const Because = z.string().min(1).max(300);
const RuleName = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'a-z, digits and -, at most 48, starting with a letter');
const Level = z.enum(TRUST_LEVELS);
const Roles = z.array(z.enum(SINK_ROLES)).min(1);

/** Conditions without a direction. All conditions of a rule must hold. */
const Neutral = {
  /** Names of actions; a `*` at the end stands for any rest. */
  actions: z.array(z.string().regex(/^[^*]*\*?$/, 'a * may only stand at the end')).min(1).optional(),
  effects: z.array(z.enum(EFFECT_REACHES)).min(1).optional(),
};

/** Conditions that hold the more, the riskier the action is. */
const RiskyWhen = z.strictObject({
  ...Neutral,
  /** Some argument of one of these roles is trusted less than this. */
  sinks: z.strictObject({ of: Roles, below: Level }).optional(),
  /** The least trusted text that was read before is trusted less than this. */
  contextBelow: Level.optional(),
  askedBelow: z.enum(['asked', 'delegated']).optional(),
  amountAboveMicros: z.int().nonnegative().optional(),
  /** Blast radius: people, or things deleted, that one action reaches. */
  reachAbove: z.int().nonnegative().optional(),
  newRecipient: z.literal(true).optional(),
  /** How often the same action went to the same recipients before, since the operator last spoke. */
  repeatsAbove: z.int().nonnegative().optional(),
  irreversible: z.literal(true).optional(),
  dataClasses: z.array(z.enum(['local', 'secret'])).min(1).optional(),
  confidenceBelow: z.number().min(0).max(1).optional(),
  quietHours: z.literal(true).optional(),
  /** The operator's own words forbid this kind of action. */
  forbidden: z.literal(true).optional(),
});
export type RiskyWhen = z.output<typeof RiskyWhen>;

/** Conditions that hold the more, the safer the action is. */
const SafeWhen = z.strictObject({
  ...Neutral,
  sinks: z.strictObject({ of: Roles, atLeast: Level }).optional(),
  contextAtLeast: Level.optional(),
  askedAtLeast: z.enum(['asked', 'delegated']).optional(),
  amountAtMostMicros: z.int().nonnegative().optional(),
  reachAtMost: z.int().nonnegative().optional(),
  knownRecipients: z.literal(true).optional(),
  reversible: z.literal(true).optional(),
  confidenceAtLeast: z.number().min(0).max(1).optional(),
});
export type SafeWhen = z.output<typeof SafeWhen>;

export const PolicyRule = z.discriminatedUnion('then', [
  z.strictObject({ name: RuleName, then: z.literal('allow'), when: SafeWhen, because: Because }),
  /** `kind` is what the operator is asked about, for example `new-recipient`. */
  z.strictObject({ name: RuleName, then: z.literal('gate'), kind: RuleName, when: RiskyWhen, because: Because }),
  z.strictObject({ name: RuleName, then: z.literal('refuse'), kind: RuleName, when: RiskyWhen, because: Because }),
]);
export type PolicyRule = z.output<typeof PolicyRule>;

export const ClockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM');

export const TimeZone = z.string().max(64).refine(isTimeZone, 'must be an IANA time zone, for example Europe/Berlin');
const MOST_MINUTES = 90 * 24 * 60;

/** Default deny: an action that neither a line nor a rule names is refused. Fields after `rules` came later; absent means as before. */
export const PolicyDocument = z.strictObject({
  name: z.string(),
  actions: z.array(
    z.strictObject({ action: z.string(), verdict: z.enum(['allow', 'gate', 'refuse']), because: z.string() }),
  ),
  gateExpiresAfterHours: z.int().min(1).max(24 * 90),
  authorizationExpiresAfterMinutes: z.int().min(1).max(24 * 60),
  rules: z.array(PolicyRule).max(200).optional(),
  /** `confirm`, or absent: no outward effect goes without a decision, whatever the rules say. `by-rules`: they decide. */
  outward: z.enum(['confirm', 'by-rules']).optional(),
  /** May pass midnight. `timeZone` is an IANA name, for example Europe/Berlin; absent: UTC. */
  quietHours: z.strictObject({ from: ClockTime, to: ClockTime, timeZone: TimeZone.optional() }).optional(),
  /** How long a gate waits before the operator is reminded, and told loudly. Absent: after 4 and 24 hours, and after 48. */
  gateLadder: z.strictObject({ remindAfterMinutes: z.array(z.int().min(1).max(MOST_MINUTES)).max(10), escalateAfterMinutes: z.int().min(1).max(MOST_MINUTES).nullable() }).optional(),
  /** Which share of the actions that go without a decision is put up for review afterwards. Absent: none. */
  reviewShare: z.number().min(0).max(1).optional(),
});
export type PolicyDocument = z.output<typeof PolicyDocument>;

/** The company's policy, key `company`. Every verdict names the version that gave it. */
export const policy = entityContract('governance', 'policy', {
  adopted: event(1, z.strictObject({ version: VersionHash, document: PolicyDocument, origin: z.string() })),
});
export type PolicyEvent = EventOf<typeof policy>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
