/**
 * The mail as it will stand on the wire, made once and read back before anybody claims to send it.
 *
 * I1 what is read back from the bytes is what was authorized; otherwise nothing goes out
 * I2 the Message-ID is a function of the effect and its generation, so that the mail can be recognised anywhere
 */
import { reject, type Rejection } from '@soloist/kernel';
import MailComposer from 'nodemailer/lib/mail-composer';
import PostalMime, { type Address } from 'postal-mime';
import { recipientsOf, type SendMailArguments } from './mail-arguments.js';

export const MESSAGE_ID_DOMAIN = 'soloist.local';

export interface ComposedMail {
  readonly messageId: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  readonly bytes: Buffer;
}

export function messageIdOf(idempotencyKey: string): string {
  return `<${idempotencyKey}@${MESSAGE_ID_DOMAIN}>`;
}

/** RFC 3834: no machine is to answer it. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated' };

/** @returns a rejection when the mail cannot say exactly what the arguments say */
export async function composeMail(args: SendMailArguments, from: string, idempotencyKey: string, { isAutomatic = false } = {}): Promise<ComposedMail | Rejection> {
  const messageId = messageIdOf(idempotencyKey);
  const recipients = recipientsOf(args);
  const inReplyTo = args.inReplyTo ?? null;
  const node = new MailComposer({
    from,
    to: recipients.map(({ name, address }) => ({ name, address })),
    subject: args.subject,
    text: args.text,
    messageId,
    ...(isAutomatic ? { headers: AUTOMATIC } : {}),
    ...(inReplyTo === null ? {} : { inReplyTo, references: inReplyTo }),
    // Without a fixed encoding long lines are re-flowed, and a reader may put them together differently.
    encoding: 'quoted-printable',
    newline: 'win',
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const bytes = await node.build();
  const difference = await differenceOf(bytes, args, messageId);
  if (difference !== null) return reject('mail.outbound-differs', `The mail as it would go out differs from what was authorized in: ${difference}. Nothing was sent.`);
  return { messageId, envelope: { from, to: recipients.map(({ address }) => address) }, bytes };
}

/** The first field in which the bytes say something else; null when they say the same. */
async function differenceOf(bytes: Buffer, args: SendMailArguments, messageId: string): Promise<string | null> {
  const mail = await PostalMime.parse(bytes);
  if (mail.messageId !== messageId) return 'messageId';
  if ((mail.inReplyTo ?? null) !== (args.inReplyTo ?? null)) return 'inReplyTo';
  if (spaced(mail.subject ?? '') !== spaced(args.subject)) return 'subject';
  if (unified(mail.text ?? '') !== unified(args.text)) return 'text';
  const said = (mail.to ?? []).map((one) => addressLine(one));
  const meant = recipientsOf(args).map(({ name, address }) => `${spaced(name)} <${address}>`);
  if (said.join('\n') !== meant.join('\n')) return 'to';
  if ((mail.cc ?? []).length + (mail.bcc ?? []).length > 0) return 'recipients';
  if (mail.attachments.length > 0 || mail.html !== undefined) return 'parts';
  return null;
}

function addressLine(one: Address): string {
  return `${spaced(one.name)} <${one.address ?? ''}>`;
}

/** Folding a header may turn any run of blanks into another; that is the one freedom a header has. */
function spaced(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** SMTP knows one line ending, and every message ends with one. */
function unified(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n');
  let end = lines.length;
  while (end > 0 && lines[end - 1] === '\n') end -= 1;
  return lines.slice(0, end);
}
