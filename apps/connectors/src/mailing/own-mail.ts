/**
 * How mails to the operator are told apart from all others, whoever brings them back.
 *
 * I1 what names one of them is an echo: the mail itself, an answer, a bounce, an absence note. None is taken in, so that
 *    no answer can be taken for a decision, and a bounce cannot start a run that opens a gate that is mailed again
 */
import { MESSAGE_ID_DOMAIN } from '../connectors/mail/mail-message.js';

const MARK = 'notice';
const NAMED = new RegExp(`<${MARK}-[0-9a-f]{32}@${MESSAGE_ID_DOMAIN.replace('.', String.raw`\.`)}>`, 'i');

/** What stands before the @ of a Message-ID. @param messageId `msg_` and 32 hexadecimal digits */
export function ownMailKey(messageId: string): string {
  return `${MARK}-${messageId.replace(/^msg_/, '')}`;
}

/** Headers and body alike: a bounce quotes the headers of what it is about. */
export function isEcho(bytes: Uint8Array): boolean {
  return NAMED.test(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'));
}
