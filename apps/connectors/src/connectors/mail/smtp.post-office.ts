/**
 * The sandbox's post office: takes mail for any address by SMTP and keeps it in a Maildir. It delivers to nobody.
 *
 * I1 a mail is stored and synced in every box it belongs to before the sender hears 250
 * I2 what is no mail is refused with 554 and a reason, what is too large with 552; nothing of it is kept
 * I3 a disk that cannot take the mail is said with 451, so that the sender tries again
 * I4 while space is short nothing new for the operator is taken in: 452; what goes out is work that was taken in before
 */
import type { AddressInfo } from 'node:net';
import { roomAt } from '@soloist/eventlog';
import { Fault, isRejection } from '@soloist/kernel';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { PostOffice } from '../../ports/connectors.ports.js';
import { MAX_MAIL_BYTES, readMail, withTrace } from './arrived-mail.js';
import type { MailBox, Maildir } from './maildir.js';

/** How many ports above the wanted one are tried before any free one is taken. */
const NEIGHBOURS = 20;

export interface PostOfficeOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly maildir: Maildir;
  readonly operatorAddress: string;
  /** The folders whose disks must have room for something new. */
  readonly roomIn?: readonly string[];
  readonly onOpen?: (address: { readonly host: string; readonly port: number }) => Promise<void>;
}

export interface SmtpPostOffice extends PostOffice {
  close(): Promise<void>;
}

/** The operator's whole domain is the operator's: replies to any address there must not leave for the world. */
export function boxOf(address: string, operatorAddress: string): MailBox {
  return domainOf(address) === domainOf(operatorAddress) ? 'operator' : 'outside';
}

export function smtpPostOffice(options: PostOfficeOptions): SmtpPostOffice {
  let opening: Promise<{ host: string; port: number; server: SMTPServer }> | null = null;
  return {
    open: async () => {
      opening ??= openDoor(options).catch((error: unknown) => {
        opening = null;
        throw error;
      });
      const { host, port } = await opening;
      return { host, port };
    },
    close: async () => {
      const opened = await opening?.catch(() => null);
      opening = null;
      if (opened) await new Promise<void>((closed) => opened.server.close(() => closed()));
    },
  };
}

async function openDoor(options: PostOfficeOptions): Promise<{ host: string; port: number; server: SMTPServer }> {
  const { host, port: wanted } = options;
  const candidates = wanted === 0 ? [0] : [...Array.from({ length: NEIGHBOURS }, (_, index) => wanted + index).filter((port) => port <= 65_535), 0];
  for (const candidate of candidates) {
    const server = createServer(options);
    const port = await listen(server, host, candidate);
    if (port === null) continue;
    await options.onOpen?.({ host, port });
    return { host, port, server };
  }
  throw new Fault('transient', 'mail.no-port', `no port on ${host} from ${wanted} on is free; set SOLOIST_SMTP_PORT to another one`);
}

/** Null when the port is taken. */
function listen(server: SMTPServer, host: string, port: number): Promise<number | null> {
  return new Promise((listening, failed) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') return listening(null);
      failed(new Fault('transient', 'mail.cannot-listen', `the post office cannot listen on ${host}:${port}: ${error.message}`, { cause: error }));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      // A client that breaks off is no concern of anybody else.
      server.on('error', () => {});
      listening((server.server.address() as AddressInfo).port);
    });
  });
}

function createServer(options: PostOfficeOptions): SMTPServer {
  return new SMTPServer({
    name: 'soloist.local',
    banner: 'Soloist sandbox post office',
    size: MAX_MAIL_BYTES,
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    maxRecipients: 100,
    closeTimeout: 1_000,
    logger: false,
    onRcptTo: ({ address }, _session, callback) => {
      requireRoom(address, options).then(() => callback(), (error: unknown) => callback(asSmtpError(error)));
    },
    onData: (stream, session, callback) => {
      take(stream, session, options).then(
        (said) => callback(null, said),
        (error: unknown) => callback(asSmtpError(error)),
      );
    },
  });
}

class MailRefused extends Error {
  constructor(
    readonly responseCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** I4 */
async function requireRoom(address: string, { operatorAddress, roomIn }: PostOfficeOptions): Promise<void> {
  if (boxOf(address, operatorAddress) !== 'operator') return;
  const rooms = await Promise.all((roomIn ?? []).map(roomAt));
  if (rooms.some(({ isLow }) => isLow)) throw new MailRefused(452, '4.3.1 insufficient system storage, try again later');
}

async function take(stream: SMTPServerDataStream, session: SMTPServerSession, { maildir, operatorAddress }: PostOfficeOptions): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    // Beyond the limit the rest is read and let go, so that the sender hears the reason.
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  if (stream.sizeExceeded) throw new MailRefused(552, `the mail is larger than ${MAX_MAIL_BYTES} bytes`);
  const { mailFrom, rcptTo } = session.envelope;
  const to = rcptTo.map(({ address }) => address);
  const stored = withTrace(Buffer.concat(chunks), { from: mailFrom === false ? '' : mailFrom.address, to });
  const mail = await readMail(stored);
  if (isRejection(mail)) throw new MailRefused(mail.code === 'mail.too-large' ? 552 : 554, mail.because);
  const boxes = [...new Set(to.map((address) => boxOf(address, operatorAddress)))];
  await maildir.deliver(boxes, mail.messageId, stored);
  return `kept in ${boxes.join(' and ')}`;
}

function asSmtpError(error: unknown): Error & { responseCode: number } {
  if (error instanceof MailRefused) return error;
  return Object.assign(new Error('the mail could not be stored now, try again later'), { responseCode: 451, cause: error });
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}
