import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { Id } from '../scalars.js';

const endpointId = Id;
/** Names one notice at one endpoint for ever: the `webhook-id` on the wire, or in the Message-ID of a mail. */
const messageId = z.string();
const code = z.string();
const count = z.int().positive();

/** In place of an endpoint's id: what is mailed to the operator. */
export const OPERATOR_MAIL = 'operator-mail';

/** What became of the posts to one endpoint, or of the mails to the operator, keyed by it. Every commit carries the state, so that its head suffices. */
export const posting = entityContract('connectors', 'posting', {
  delivered: event(1, z.strictObject({ endpointId, messageId, attempt: count })),
  failed: event(1, z.strictObject({ endpointId, messageId, attempt: count, code })),
  /** So many posts in a row failed; further ones are tried all the same. */
  'marked-failing': event(1, z.strictObject({ endpointId, inARow: count })),
  /** No further attempt: the last one failed too. */
  abandoned: event(1, z.strictObject({ endpointId, messageId, attempt: count })),
  /** The endpoint said that it is gone: nothing is posted there any more. */
  disabled: event(1, z.strictObject({ endpointId, code })),
  /** `code` null: it was taken. */
  tested: event(1, z.strictObject({ endpointId, commandId: z.string(), code: code.nullable() })),
  snapshotted: event(
    1,
    z.strictObject({
      state: z.enum(['good', 'failing', 'disabled']),
      inARow: z.int().nonnegative(),
      lastCode: code.nullable(),
      /** The latest, so that one that comes again is known. */
      settled: z.array(messageId),
      tests: z.array(z.strictObject({ commandId: z.string(), code: code.nullable() })),
    }),
  ),
});
export type PostingEvent = EventOf<typeof posting>;

/** Addressed to `connectors.posting.<endpointId>`. */
export const TestWebhook = z.strictObject({ type: z.literal('connectors.posting.test'), endpointId, by: z.string() });
export type TestWebhook = z.output<typeof TestWebhook>;

/** Addressed to `connectors.posting.operator-mail`. */
export const TestMail = z.strictObject({ type: z.literal('connectors.posting.test-mail'), by: z.string() });
export type TestMail = z.output<typeof TestMail>;
