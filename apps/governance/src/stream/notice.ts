/**
 * What programs hear of the company: small notices that say what happened and where more is to be read.
 *
 * I1 a notice holds ids, kinds, codes and figures: no words of anybody, no arguments, no receipts, no secrets
 * I2 a notice's id is that of its event: the same in every stream, from every replica, after every restart
 */
import { Digest, Id } from '@soloist/contracts';
import { z } from 'zod';

const runId = Id;
const gateId = z.string();
const link = z.string().startsWith('/v1/');
/** What should be a name from a closed list; whatever is not shaped like one does not pass on. */
export const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const name = z.string().regex(NAME);
const count = z.int().positive();
const amount = z.int().nonnegative();
const gate = { gateId, runId, link };
const effect = { effectId: Id, generation: count, runId, link };

/** What each kind of notice says. `link` is the route of this API that shows the rest. */
export const NOTICE_FORMS = {
  'gate.opened': z.strictObject({ ...gate, kind: z.enum(['outward-effect', 'unknown-outcome']), action: name, effectClass: name, digest: Digest, expiresAt: z.string() }),
  'gate.reminded': z.strictObject({ ...gate, number: count }),
  'gate.escalated': z.strictObject(gate),
  'gate.decided': z.strictObject({ ...gate, decision: z.enum(['approve', 'reject']), by: name, digest: Digest }),
  'gate.expired': z.strictObject(gate),
  'run.started': z.strictObject({ runId, agent: name, link }),
  'run.waiting': z.strictObject({ runId, waitsFor: z.enum(['recall', 'effect']), link }),
  'run.closed': z.strictObject({ runId, outcome: z.enum(['done', 'refused', 'failed', 'cancelled']), link }),
  'effect.succeeded': z.strictObject(effect),
  'effect.failed': z.strictObject({ ...effect, code: name }),
  'effect.unknown': z.strictObject(effect),
  'effect.refused': z.strictObject({ ...effect, code: name }),
  /** A soft line is crossed: the run goes on. */
  'budget.warned': z.strictObject({ runId, line: z.string(), period: z.string(), limit: amount, committed: amount, link }),
  /** A line is crossed that waits for the operator. */
  'budget.asked': z.strictObject({ runId, lines: z.array(z.string()), link }),
  /** A hard line is crossed, or the run was not to be admitted for another reason: the code says which. */
  'budget.refused': z.strictObject({ runId, code: name, link }),
  /** A run has spent more than its envelope. */
  'budget.overspent': z.strictObject({ runId, envelopeMicros: amount, spentMicros: amount, link }),
  'company.stopped': z.strictObject({ generation: count, by: name, link }),
  'company.resumed': z.strictObject({ generation: count, by: name, link }),
} as const;

export type NoticeType = keyof typeof NOTICE_FORMS;
export const NOTICE_TYPES = Object.keys(NOTICE_FORMS) as readonly NoticeType[];

/** One notice, in the payload form of Standard Webhooks: type, timestamp, data. `timestamp` is information, never order. */
export type Notice = { [Type in NoticeType]: { readonly id: string; readonly type: Type; readonly timestamp: string; readonly data: z.output<(typeof NOTICE_FORMS)[Type]> } }[NoticeType];
