/** For tests: an SMTP server that fails at one chosen point of the conversation, and counts what it took. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

export type FaultPoint = 'greeting' | 'mail' | 'rcpt' | 'data' | 'body' | 'end';

export interface SmtpFault {
  readonly at: FaultPoint;
  /** A reply such as `550 no`; `cut` closes the connection, `silence` says nothing any more. */
  readonly how: string;
  /** At the end only: whether the mail counts as taken although the sender is not told. */
  readonly isTaken?: boolean;
  /** At the recipients only: which of them it strikes; all, when left out. */
  readonly whose?: string;
}

export interface FaultSmtpServer {
  readonly host: string;
  readonly port: number;
  /** Bodies that were taken, whatever was said about them. */
  readonly taken: readonly string[];
  fault: SmtpFault | null;
  /** Resolves when a connection has got as far as the body. */
  untilBody(): Promise<void>;
  close(): Promise<void>;
}

export async function startFaultSmtpServer(fault: SmtpFault | null = null): Promise<FaultSmtpServer> {
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  const bodies: (() => void)[] = [];
  const state = { fault };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    converse(socket, state, taken, () => bodies.splice(0).forEach((told) => told()));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    taken,
    get fault() {
      return state.fault;
    },
    set fault(next) {
      state.fault = next;
    },
    untilBody: () => new Promise((told) => bodies.push(told)),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

function converse(socket: Socket, state: { fault: SmtpFault | null }, taken: string[], onBody: () => void): void {
  let buffer = '';
  let isBody = false;
  /** Answers whether the conversation goes on as usual. */
  const passes = (at: FaultPoint): boolean => {
    const { fault } = state;
    if (fault?.at !== at) return true;
    if (fault.how === 'cut') socket.destroy();
    else if (fault.how !== 'silence') socket.write(`${fault.how}\r\n`);
    return false;
  };
  const say = (line: string): void => void socket.write(`${line}\r\n`);
  const command = (line: string): void => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') return say('250 fault.example');
    if (verb === 'MAIL') return void (passes('mail') && say('250 ok'));
    if (verb === 'RCPT') return void ((!line.includes(state.fault?.whose ?? '') || passes('rcpt')) && say('250 ok'));
    if (verb === 'QUIT') return void socket.end('221 bye\r\n');
    if (verb !== 'DATA') return say('502 no');
    if (!passes('data')) return;
    isBody = true;
    say('354 go on');
    onBody();
  };
  const body = (text: string): void => {
    if (state.fault?.at !== 'end' || state.fault.isTaken === true) taken.push(text);
    isBody = false;
    if (passes('end')) say('250 taken');
  };
  socket.on('data', (chunk: Buffer) => {
    buffer += chunk.toString('latin1');
    for (;;) {
      if (isBody && !passes('body')) return;
      const end = buffer.indexOf(isBody ? '\r\n.\r\n' : '\r\n');
      if (end === -1) return;
      const part = buffer.slice(0, end);
      buffer = buffer.slice(end + (isBody ? 5 : 2));
      if (isBody) body(part);
      else command(part);
    }
  });
  if (passes('greeting')) say('220 fault.example');
}
