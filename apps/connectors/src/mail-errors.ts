/** What mailbox and mail connectors say, and what keeps a mail to the operator back. */
import type { ErrorTable } from '@soloist/kernel';

export const MAIL_ERRORS = {
  'mailing.bad-timer': {
    kind: 'invalid',
    meaning: 'A timer does not say what is to be mailed to the operator.',
    remedy: 'Discard the letter: ./soloist gate list shows what is open.',
  },
  'mailing.not-set': {
    kind: 'invalid',
    meaning: 'A mail to the operator was to be tried, and there is no address any more.',
    remedy: 'Set one: ./soloist notify set ADDRESS.',
  },
  'mailing.malformed': {
    kind: 'outcome',
    meaning: 'The mail to the operator cannot be written so that it says what it should; nothing was sent.',
    remedy: 'Set the address again: ./soloist notify set ADDRESS.',
  },
  'mail.login-unreadable': {
    kind: 'unauthorized',
    meaning: 'The secret for the outbound mail server is not JSON with user and password.',
    remedy: 'Set it again.',
  },
  'mail.login-refused': {
    kind: 'unauthorized',
    meaning: 'The mail server refused the login. Nothing was sent.',
    remedy: 'Correct the secret smtp.outbound.',
  },
  'mail.tls-failed': {
    kind: 'transient',
    meaning: 'No safe connection to the mail server could be made. Nothing was sent.',
    remedy: 'Check the certificate and the port of the server.',
  },
  'mail.unreachable': {
    kind: 'transient',
    meaning: 'The mail server cannot be reached. Nothing was sent; it is tried again.',
    remedy: 'Check the network and the address of the server.',
  },
  'mail.deferred': {
    kind: ['transient', 'throttled'],
    meaning: 'The mail server does not take the mail now. It is tried again.',
    remedy: 'Wait; if it lasts, ask the operator of the server.',
  },
  'mail.refused': {
    kind: 'invalid',
    meaning: 'The mail server refused the mail for good, or it cannot be sent as it is.',
    remedy: 'Read the answer of the server; correct the recipient or the content and ask again.',
  },
  'mail.outcome-unknown': {
    kind: 'unknown-outcome',
    meaning: 'The connection broke while the mail was leaving; it may or may not have been accepted.',
    remedy: 'Decide at the gate that is opened: look into the mailbox first. It is never sent again by itself.',
  },
  'mail.outbound-differs': {
    kind: 'rejection',
    meaning: 'The mail as it would go out differs from what was authorized. Nothing was sent.',
    remedy: 'Report it: the action and its rendering disagree.',
  },
  'mail.address-invalid': {
    kind: 'rejection',
    meaning: 'A recipient is not exactly one mail address.',
    remedy: 'Correct the address in the request.',
  },
  'mail.too-large': {
    kind: 'rejection',
    meaning: 'The mail that came in is larger than the intake takes.',
    remedy: 'Ask the sender for a smaller one.',
  },
  'mail.malformed': {
    kind: 'rejection',
    meaning: 'What came in is no mail.',
    remedy: 'Check the program that sent it.',
  },
  'mail.no-sender': {
    kind: 'rejection',
    meaning: 'The mail names no sender.',
    remedy: 'Check the program that sent it.',
  },
  'mail.cannot-look': {
    kind: 'transient',
    meaning: 'The sent mails cannot be looked at now, so an unknown outcome stays unknown.',
    remedy: 'Check the mailbox; it is looked at again.',
  },
  'mail.no-port': {
    kind: 'transient',
    meaning: 'No port for the mail intake is free.',
    remedy: 'Set SOLOIST_SMTP_PORT to a free one.',
  },
  'mail.cannot-listen': {
    kind: 'transient',
    meaning: 'The mail intake cannot listen on its address.',
    remedy: 'Set SOLOIST_SMTP_PORT to a port that this user may use.',
  },
} as const satisfies ErrorTable;
