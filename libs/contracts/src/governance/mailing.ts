/**
 * What the operator wants mailed to himself, where to, and what each digest said. One entity: every commit carries the
 * whole state, so that its head suffices for whoever mails.
 *
 * I1 no words of anybody stand here: ids, kinds, names shaped like names, moments and figures. The address is sealed
 */
import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, Currency, DataSubject, Id, Timestamp } from '../scalars.js';
import { GateKind } from './gate.js';
import { ExtensionAsked } from './hold.js';
import { ClockTime, TimeZone } from './policy.js';

/** All that the company mails to its operator is one entity. */
export const MAILING_KEY = 'company';

/** So many gates of each kind a digest names; of the rest it gives the number. */
export const MOST_GATES_NAMED = 50;
export const MOST_ASKS_NAMED = 20;
/** So many open gates are kept in mind until the next digest tells what became of them. */
export const MOST_GATES_FOLLOWED = 500;
/** So many days are known to have had their digest, whatever the clock does. */
export const MOST_DAYS_KNOWN = 10;

/** By the operator's own clock. */
export const DigestTime = z.strictObject({ at: ClockTime, timeZone: TimeZone });
export type DigestTime = z.output<typeof DigestTime>;

const Wishes = { reminders: z.boolean(), digest: DigestTime.nullable() };
const count = z.int().nonnegative();

const OpenGate = z.strictObject({
  gateId: Id,
  runId: Id,
  kind: GateKind,
  agent: AgentName.nullable(),
  openedAt: Timestamp,
  expiresAt: Timestamp,
  reminders: count,
  isEscalated: z.boolean(),
  snoozedUntil: Timestamp.nullable(),
});

const Ask = z.strictObject({
  runId: Id,
  agent: AgentName,
  currency: Currency,
  lines: z.array(ExtensionAsked.pick({ line: true, limit: true, committed: true, needed: true })),
});

/** What there is to say on one day. The counts are of all, the lists name the first. */
export const MailDigest = z.strictObject({
  /** The day it is of, by the operator's clock. */
  day: z.iso.date(),
  /** When it was made. */
  at: Timestamp,
  /** What was closed is told from here on. */
  since: Timestamp,
  /** `others`: ids beyond those named, kept in mind and not told. */
  open: z.strictObject({ count, gates: z.array(OpenGate).max(MOST_GATES_NAMED), others: z.array(Id).max(MOST_GATES_FOLLOWED - MOST_GATES_NAMED) }),
  asks: z.strictObject({ count, runs: z.array(Ask).max(MOST_ASKS_NAMED) }),
  closed: z.strictObject({
    approved: count,
    rejected: count,
    expired: count,
    gates: z.array(z.strictObject({ gateId: Id, as: z.enum(['approved', 'rejected', 'expired']) })).max(MOST_GATES_NAMED),
  }),
});
export type MailDigest = z.output<typeof MailDigest>;

export const mailing = entityContract('governance', 'mailing', {
  wished: event(1, z.strictObject({ address: z.string().max(254), dataSubject: DataSubject, ...Wishes, at: Timestamp, by: z.string() }), { personal: ['address'] }),
  /** Nothing is mailed any more. */
  ended: event(1, z.strictObject({ by: z.string() })),
  digested: event(1, MailDigest),
  /** The hour of a digest came, and there was nothing to say. */
  passed: event(1, z.strictObject({ day: z.iso.date(), at: Timestamp })),
  snapshotted: event(
    1,
    z.strictObject({
      /** Null: nothing is mailed. */
      address: z.string().max(254).nullable(),
      dataSubject: DataSubject,
      ...Wishes,
      /** When the wishes were set: an hour of a digest before is none. */
      setAt: Timestamp,
      lookedAt: Timestamp,
      /** Gates that were open at the last digest. */
      open: z.array(Id).max(MOST_GATES_FOLLOWED),
      /** Latest last. */
      days: z.array(z.iso.date()).max(MOST_DAYS_KNOWN),
    }),
    { personal: ['address'] },
  ),
});
export type MailingEvent = EventOf<typeof mailing>;
