/**
 * Dead letters and what became of them, in one stream.
 *
 * I1 a service may publish only under its own context, so letter and outcome lie under the consumer's; the address of
 *    what failed stands inside
 * I2 the id of a letter is made of consumer and position, that of an outcome of letter and command: written twice, they
 *    are one to their readers
 * I3 what cannot be read is told, and hides nothing that can
 */
import { CONTEXTS, DEAD_STREAM, parseSubject, subjectOf, type Address, type Context } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';
import { z } from 'zod';
import { jsonOf } from '../codec/decode-commit.js';
import { HEADER, headerOf, type OutgoingMessage, type StoredMessage } from '../codec/message.js';
import { sha256Hex } from '../commit-id.js';
import type { DeadLetter, LetterOutcome, LetterRecord } from '../event-log.port.js';
import type { Broker } from './broker.port.js';

export function deadMessage(letter: DeadLetter): OutgoingMessage {
  const owner = letter.consumer.split('_')[0] as Context;
  if (!CONTEXTS.includes(owner)) throw new RangeError(`consumer ${letter.consumer} does not begin with a context`);
  const id = sha256Hex(canonicalJson([letter.consumer, letter.position, letter.commit])).slice(0, 32);
  return {
    subject: subjectOf('dead', { ...letter.address, context: owner }),
    headers: [[HEADER.commit, id], [HEADER.actor, letter.consumer]],
    body: Buffer.from(canonicalJson({ ...letter, address: plain(letter.address) })),
  };
}

export function outcomeMessage(outcome: LetterOutcome): OutgoingMessage {
  return {
    subject: subjectOf('dead', outcome.address),
    headers: [[HEADER.commit, sha256Hex(canonicalJson([outcome.settles, outcome.commandId])).slice(0, 32)], [HEADER.actor, outcome.by]],
    body: Buffer.from(canonicalJson({ ...outcome, address: plain(outcome.address) })),
  };
}

const AddressShape = z.strictObject({ context: z.enum(CONTEXTS), entity: z.string(), key: z.string() });
const CommandShape = z.strictObject({ id: z.string(), actor: z.string(), body: z.unknown() });
const LetterShape = z.strictObject({
  consumer: z.string(),
  address: AddressShape,
  position: z.strictObject({ stream: z.int().nonnegative(), sequence: z.int().positive() }).nullable(),
  commit: z.string().nullable(),
  reason: z.string(),
  attempts: z.int().nonnegative(),
  at: z.string(),
  command: CommandShape.optional(),
});
const OutcomeShape = z.strictObject({
  settles: z.string(),
  address: AddressShape,
  outcome: z.enum(['redelivered', 'failed', 'discarded']),
  reason: z.string(),
  by: z.string(),
  commandId: z.string(),
  at: z.string(),
});

/** All that lies in the stream, in its order. @throws Fault transient */
export async function lettersOf(broker: Broker): Promise<readonly LetterRecord[]> {
  return (await broker.range(DEAD_STREAM, null, 1, Infinity)).map(recordOf);
}

function recordOf(message: StoredMessage): LetterRecord {
  const place = { sequence: message.sequence, subject: message.subject };
  const owner = parseSubject(message.subject)?.context;
  const id = headerOf(message.headers, HEADER.commit);
  const body = parsedBody(message);
  const letter = LetterShape.safeParse(body);
  if (letter.success && id !== null && letter.data.consumer.startsWith(`${owner}_`)) {
    const { command, ...rest } = letter.data;
    return { kind: 'letter', ...place, id, letter: { ...rest, ...(command === undefined ? {} : { command }) } };
  }
  const outcome = OutcomeShape.safeParse(body);
  // Only the owner of a letter says what became of it; the broker lets nobody write under another's context.
  if (outcome.success && outcome.data.address.context === owner) return { kind: 'outcome', ...place, outcome: outcome.data };
  return { kind: 'unreadable', ...place };
}

function parsedBody(message: StoredMessage): unknown {
  try {
    return jsonOf(message.body);
  } catch {
    return null;
  }
}

function plain({ context, entity, key }: Address): Address {
  return { context, entity, key };
}
