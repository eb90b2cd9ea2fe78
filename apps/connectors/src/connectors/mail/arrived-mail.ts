/**
 * What a mail says, taken out of the bytes as they came.
 *
 * I1 what cannot be a mail is refused with a reason, never guessed at
 * I2 every text that leaves here is well-formed Unicode without NUL, and bounded, so that it fits into one commit; the
 *    whole message is kept beside it
 * I3 the id is the sender's Message-ID; without one it follows from the content, so that a repeat is still a repeat
 */
import { isRejection, reject, type Rejection } from '@soloist/kernel';
import { sha256Hex } from '@soloist/eventlog';
import PostalMime, { type Address, type Email } from 'postal-mime';
import { htmlToText } from './html-text.js';

export const MAX_MAIL_BYTES = 10 * 1024 * 1024;
const MAX_TEXT_BYTES = 48 * 1024;
const MAX_LISTED = 40;
const MAX_NAME = 100;
const MAX_LINE = 998;
/** What the post office puts on top of a mail it stores; not part of the mail. */
const TRACE_FIELDS = ['Return-Path', 'Delivered-To'] as const;

export interface MailParty {
  readonly name: string;
  readonly address: string;
}

export interface MailContent {
  readonly messageId: string;
  readonly from: MailParty;
  readonly to: readonly MailParty[];
  readonly subject: string;
  readonly text: string;
  readonly inReplyTo: string | null;
  readonly attachments: readonly { readonly name: string; readonly mediaType: string; readonly bytes: number }[];
  /** As the mail says it; null when it says nothing readable. */
  readonly date: string | null;
}

/** The mail as it is stored: with the envelope on top, which is not in the mail itself. */
export function withTrace(bytes: Uint8Array, envelope: { readonly from: string; readonly to: readonly string[] }): Buffer {
  return Buffer.concat([Buffer.from(`Return-Path: <${envelope.from}>\r\nDelivered-To: ${envelope.to.join(', ')}\r\n`), bytes]);
}

export async function readMail(stored: Uint8Array): Promise<MailContent | Rejection> {
  if (stored.length > MAX_MAIL_BYTES + 64 * 1024) return reject('mail.too-large', `The mail is larger than ${MAX_MAIL_BYTES} bytes.`);
  const { trace, mail } = splitTrace(stored);
  if (!beginsWithHeader(mail)) return reject('mail.malformed', 'This is no mail: it does not begin with a header field such as "From: jane@example.com".');
  const parsed = await parse(mail);
  if (isRejection(parsed)) return parsed;
  const from = senderOf(parsed, trace.get('Return-Path') ?? '');
  if (from === null) return reject('mail.no-sender', 'The mail names no sender: neither its From field nor the envelope holds an address.');
  return {
    messageId: messageIdOf(parsed, mail),
    from,
    to: recipientsOf(parsed),
    subject: oneLine(parsed.subject ?? '', MAX_LINE),
    text: textOf(parsed),
    inReplyTo: parsed.inReplyTo === undefined ? null : oneLine(parsed.inReplyTo, MAX_LINE),
    attachments: parsed.attachments.slice(0, MAX_LISTED).map(({ filename, mimeType, content }) => ({
      name: oneLine(filename ?? '', MAX_NAME),
      mediaType: oneLine(mimeType, MAX_NAME),
      bytes: typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength,
    })),
    date: parsed.date ?? null,
  };
}

async function parse(mail: Uint8Array): Promise<Email | Rejection> {
  try {
    return await PostalMime.parse(mail, { maxNestingDepth: 64, maxHeadersSize: 256 * 1024 });
  } catch (error) {
    // The parser throws on what it cannot take; that says something about the mail, not about the world.
    return reject('mail.malformed', `The mail cannot be read: ${oneLine(error instanceof Error ? error.message : String(error), 200)}.`);
  }
}

function splitTrace(stored: Uint8Array): { trace: ReadonlyMap<string, string>; mail: Buffer } {
  const trace = new Map<string, string>();
  let mail = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  for (const field of TRACE_FIELDS) {
    const end = mail.indexOf('\r\n');
    const line = mail.subarray(0, Math.max(end, 0)).toString('utf8');
    if (!line.startsWith(`${field}: `)) break;
    trace.set(field, line.slice(field.length + 2));
    mail = mail.subarray(end + 2);
  }
  return { trace, mail };
}

/** RFC 5322, 2.2: a field name of printable characters, then a colon. An mbox `From ` line is tolerated by nobody. */
function beginsWithHeader(mail: Buffer): boolean {
  return /^[\x21-\x39\x3b-\x7e]{1,76}[ \t]*:/.test(mail.subarray(0, 128).toString('latin1'));
}

function senderOf(mail: Email, returnPath: string): MailParty | null {
  const [named] = mail.from === undefined ? [] : flatten([mail.from]);
  if (named !== undefined) return named;
  const address = /^<([^<>\s]+@[^<>\s]+)>$/.exec(returnPath)?.[1];
  return address === undefined ? null : { name: '', address: oneLine(address, 254) };
}

function recipientsOf(mail: Email): readonly MailParty[] {
  return flatten([...(mail.to ?? []), ...(mail.cc ?? [])]).slice(0, MAX_LISTED);
}

/** Groups count as their members; what holds no address is left out. */
function flatten(list: readonly Address[]): readonly MailParty[] {
  return list
    .flatMap((one) => one.group ?? [one])
    .filter((one) => /^[^\s@]+@[^\s@]+$/.test(one.address ?? '') && (one.address ?? '').length <= 254)
    .map((one) => ({ name: oneLine(one.name ?? '', MAX_NAME), address: oneLine(one.address ?? '', 254) }));
}

function messageIdOf(mail: Email, bytes: Uint8Array): string {
  const given = oneLine(mail.messageId ?? '', MAX_LINE + 1);
  if (given !== '' && given.length <= MAX_LINE) return given;
  return `<${sha256Hex(bytes).slice(0, 40)}@content.soloist.local>`;
}

function textOf(mail: Email): string {
  const plain = mail.text ?? '';
  const text = plain.trim() === '' && mail.html !== undefined ? htmlToText(mail.html) : plain;
  return bounded(clean(text).replace(/\r\n?/g, '\n').trimEnd());
}

function bounded(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_TEXT_BYTES) return text;
  const kept = new TextDecoder().decode(bytes.subarray(0, MAX_TEXT_BYTES), { stream: true });
  return `${kept}\n[… cut here: the text is ${bytes.length} bytes long; the whole mail is kept.]`;
}

function oneLine(text: string, most: number): string {
  const line = clean(text).replace(/\s+/g, ' ').trim();
  return line.length <= most ? line : line.slice(0, most).toWellFormed();
}

/** I2. Control characters would swell to six bytes each in JSON, and NUL fits into no database text. */
function clean(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '\ufffd');
}
