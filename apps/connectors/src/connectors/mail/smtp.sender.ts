/**
 * Sends one composed mail by SMTP (RFC 5321) and says what became of it.
 *
 * I1 before the body begins nothing can have been accepted: every fault then is certain
 * I2 after it began only the server's own word counts: a refusal is certain, silence or a cut is an unknown outcome
 * I3 faults tell codes and classes; addresses and secrets are cut out of whatever the server says
 */
import { PassThrough } from 'node:stream';
import { Fault } from '@soloist/kernel';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ComposedMail } from './mail-message.js';

const CONNECTION_TIMEOUT_MS = 8_000;
const GREETING_TIMEOUT_MS = 8_000;
const SILENCE_TIMEOUT_MS = 30_000;
/** From the first byte of the connection to the last answer. */
const OVERALL_TIMEOUT_MS = 60_000;

export interface SmtpEndpoint {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (port 465); otherwise STARTTLS when offered. */
  readonly isSecure: boolean;
  readonly login: { readonly user: string; readonly password: string } | null;
}

export interface SmtpTimeouts {
  readonly connectionMs: number;
  readonly greetingMs: number;
  readonly silenceMs: number;
  readonly overallMs: number;
}

export const SMTP_TIMEOUTS: SmtpTimeouts = {
  connectionMs: CONNECTION_TIMEOUT_MS,
  greetingMs: GREETING_TIMEOUT_MS,
  silenceMs: SILENCE_TIMEOUT_MS,
  overallMs: OVERALL_TIMEOUT_MS,
};

export interface SmtpReceipt {
  readonly accepted: readonly string[];
  /** Recipients the server refused while it took the mail for others: these have not been reached, and nobody tries again. */
  readonly rejected: readonly string[];
  readonly response: string;
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** @throws Fault transient · throttled · unauthorized · invalid: certainly not accepted; unknown-outcome: nobody knows */
export async function sendBySmtp(endpoint: SmtpEndpoint, mail: ComposedMail, mayProceed: () => Promise<boolean>, timeouts: SmtpTimeouts = SMTP_TIMEOUTS): Promise<SmtpReceipt> {
  const connection = openConnection(endpoint, timeouts);
  const body = new Body(mail.bytes, mayProceed, () => connection.close());
  try {
    return await new Promise<SmtpReceipt>((sent, failed) => {
      const overall = setTimeout(() => failed(Object.assign(new Error('the whole exchange took too long'), { code: 'ETIMEDOUT' })), timeouts.overallMs);
      const done = (error: unknown, receipt?: SmtpReceipt): void => {
        clearTimeout(overall);
        if (receipt === undefined) failed(error instanceof Error ? error : new Error(String(error)));
        else sent(receipt);
      };
      // A connection may fail more than once; the first word counts, the others must find a listener.
      connection.on('error', (error) => done(error));
      connection.once('end', () => done(Object.assign(new Error('the server closed the connection'), { code: 'ECONNECTION' })));
      connection.connect((error) => (error ? done(error) : exchange(connection, endpoint, mail, body, done)));
    });
  } catch (error) {
    throw faultOf(error as SmtpError, body);
  } finally {
    connection.close();
  }
}

function exchange(connection: SMTPConnection, endpoint: SmtpEndpoint, mail: ComposedMail, body: Body, done: (error: unknown, receipt?: SmtpReceipt) => void): void {
  const transfer = (): void => {
    const envelope = { from: mail.envelope.from, to: [...mail.envelope.to], size: mail.bytes.length };
    connection.send(envelope, body, (error, info) => {
      if (error || info === undefined) return done(error ?? new Error('the server gave no answer'));
      done(null, { accepted: info.accepted, rejected: info.rejected, response: info.response });
    });
  };
  const { login } = endpoint;
  if (login === null) return transfer();
  connection.login({ credentials: { user: login.user, pass: login.password } }, (error) => (error ? done(error) : transfer()));
}

function openConnection({ host, port, isSecure, login }: SmtpEndpoint, timeouts: SmtpTimeouts): SMTPConnection {
  return new SMTPConnection({
    host,
    port,
    secure: isSecure,
    // A password never crosses the network in the clear.
    requireTLS: !isSecure && login !== null && !isLoopback(host),
    name: 'soloist.local',
    connectionTimeout: timeouts.connectionMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.silenceMs,
    dnsTimeout: timeouts.connectionMs,
    allowInternalNetworkInterfaces: isLoopback(host),
    logger: false,
  });
}

/** The connection pipes it when, and only when, the server has asked for the body: the moment of no return. */
class Body extends PassThrough {
  hasBegun = false;
  wasWithheld = false;

  constructor(
    private readonly bytes: Buffer,
    private readonly mayProceed: () => Promise<boolean>,
    private readonly hangUp: () => void,
  ) {
    super();
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    this.mayProceed().then(
      (may) => (may ? this.begin(destination) : this.withhold()),
      () => this.withhold(),
    );
    return destination;
  }

  private begin(destination: NodeJS.WritableStream): void {
    this.hasBegun = true;
    super.pipe(destination);
    this.end(this.bytes);
  }

  private withhold(): void {
    this.wasWithheld = true;
    // Ending the stream would end the message; hanging up before its end leaves nothing behind (RFC 5321, 4.1.1.10).
    this.hangUp();
  }
}

function faultOf(error: SmtpError, body: Body): Fault {
  if (body.wasWithheld) return new Fault('transient', 'effect.claim-too-old', 'The way to the server took so long that another worker may hold the claim by now; nothing was sent.');
  const said = saidBy(error);
  // The server's own no is certain: to a command before the body, or as the answer to the body's end.
  const isAnswer = body.hasBegun ? error.code === 'EMESSAGE' : error.code !== 'EAUTH' && error.code !== 'ETLS';
  if (error.responseCode !== undefined && isAnswer) return refusalOf(error.responseCode, said);
  if (body.hasBegun) return new Fault('unknown-outcome', 'mail.outcome-unknown', `The connection failed after the mail had begun to leave (${said}); it may or may not have been accepted.`);
  switch (error.code) {
    case 'EAUTH':
      return new Fault('unauthorized', 'mail.login-refused', `The mail server refused the login (code ${error.responseCode ?? 'none'}). Correct the secret smtp.outbound.`);
    case 'ETLS':
      return new Fault('transient', 'mail.tls-failed', 'No safe connection to the mail server could be made; nothing was sent.');
    case 'EENVELOPE':
    case 'EMESSAGE':
      return new Fault('invalid', 'mail.refused', `The mail cannot be sent as it is (${said}).`);
    default:
      return new Fault('transient', 'mail.unreachable', `The mail server cannot be reached (${said}); nothing was sent.`);
  }
}

function refusalOf(code: number, said: string): Fault {
  if (code >= 500) return new Fault('invalid', 'mail.refused', `The mail server refused the mail for good (${said}).`);
  if (code === 421 || code === 450 || code === 452) return new Fault('throttled', 'mail.deferred', `The mail server does not take the mail now (${said}).`);
  return new Fault('transient', 'mail.deferred', `The mail server does not take the mail now (${said}).`);
}

/** I3 */
function saidBy(error: SmtpError): string {
  const text = error.response ?? error.code ?? 'no code';
  return text.replace(/\S*@\S*/g, '[address]').replace(/\s+/g, ' ').slice(0, 200);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}
