/** What `mail.send` takes. Nothing is filled in or rewritten here: the digest covers the arguments as they were shown. */
import { canonicalJson, reject, type Rejection } from '@soloist/kernel';
import { sha256Hex } from '@soloist/eventlog';
import { z } from 'zod';

export const SEND_MAIL = 'mail.send';
const MAX_TEXT_CHARACTERS = 200_000;

/** A line break in a header would be another header. */
const oneLine = z.string().refine((text) => text.isWellFormed() && !/[\u0000-\u001f\u007f]/.test(text), 'must be one line without control characters');

export const MailAddressArgument = z.strictObject({
  name: oneLine.max(200).optional(),
  address: z.email('must be a mail address such as jane@example.com').max(254),
});

const Recipient = z.union([MailAddressArgument.shape.address, MailAddressArgument], { error: 'must be a mail address, or an object with address and perhaps name' });

export const SendMailArguments = z.strictObject({
  to: z.array(Recipient).min(1, 'names no recipient').max(50, 'names more than 50 recipients'),
  subject: oneLine.min(1, 'is empty').max(500),
  text: z.string().min(1, 'is empty').max(MAX_TEXT_CHARACTERS).refine((text) => text.isWellFormed() && !/\u0000/.test(text), 'must hold no NUL character and no half of a surrogate pair'),
  /** Message-ID of the mail that is answered. */
  inReplyTo: z.string().regex(/^<[\x21-\x3b\x3d\x3f-\x7e]+>$/, 'must be a Message-ID such as <id@example.com>').max(900).nullish(),
});
export type SendMailArguments = z.output<typeof SendMailArguments>;

export function recipientsOf({ to }: SendMailArguments): readonly { readonly name: string; readonly address: string }[] {
  return to.map((one) => (typeof one === 'string' ? { name: '', address: one } : { name: one.name ?? '', address: one.address }));
}

export function parseSendMailArguments(args: unknown): SendMailArguments | Rejection {
  const parsed = SendMailArguments.safeParse(args);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'arguments'} ${issue.message}`);
  return reject('effect.args-invalid', `${SEND_MAIL} cannot be done with these arguments: ${problems.join('; ')}. Ask for the action again with correct ones.`);
}

/** The digest everybody computes over an action: SHA-256 of its canonical JSON. */
export function digestOfAction(action: string, args: unknown): string {
  return sha256Hex(canonicalJson({ action, args }));
}
