/**
 * The mail server that Soloist sends to, with a ledger of the truth: what it accepted counts, whatever it then said.
 *
 * I1 a mail is in the ledger from the moment its last dot was read, before any answer is thought of
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Delivered } from '../history.js';

/**
 * What becomes of the next mail. `hang-up`: accepted, and the answer is lost · `refuse-late`: accepted, and answered with
 * 554 · `slow`: accepted, and answered late · `defer`: not accepted, 451 · `break`: not accepted, broken off in the middle
 */
export type MailFate = 'take' | 'hang-up' | 'refuse-late' | 'slow' | 'defer' | 'break';

const SLOW_MS = 1_500;

export class MailCounterpart {
  readonly delivered: Delivered[] = [];
  readonly fates = new Map<MailFate, number>();
  fateOfNext: () => MailFate = () => 'take';
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      new Session(socket, this).greet();
    });
  }

  static async listen(): Promise<MailCounterpart> {
    const counterpart = new MailCounterpart();
    await new Promise<void>((listening) => counterpart.#server.listen(0, '127.0.0.1', listening));
    return counterpart;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  draw(): MailFate {
    const fate = this.fateOfNext();
    this.fates.set(fate, (this.fates.get(fate) ?? 0) + 1);
    return fate;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((closed) => this.#server.close(closed));
  }
}

/** One connection (RFC 5321, as much of it as a sender needs). */
class Session {
  private pending = '';
  private body: string | null = null;
  private fate: MailFate = 'take';

  constructor(
    private readonly socket: Socket,
    private readonly world: MailCounterpart,
  ) {
    socket.setEncoding('latin1');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: string) => this.take(chunk));
  }

  greet(): void {
    this.say('220 counterpart.example');
  }

  private take(chunk: string): void {
    this.pending += chunk;
    for (let end = this.pending.indexOf('\r\n'); end >= 0; end = this.pending.indexOf('\r\n')) {
      const line = this.pending.slice(0, end);
      this.pending = this.pending.slice(end + 2);
      if (this.body === null) this.command(line);
      else this.line(line);
    }
  }

  private command(line: string): void {
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
      case 'HELO':
        return this.say('250 counterpart.example');
      case 'DATA':
        this.fate = this.world.draw();
        if (this.fate === 'defer') return this.say('451 4.3.0 try again later');
        this.body = '';
        return this.say('354 go on');
      case 'QUIT':
        this.say('221 bye');
        return void this.socket.end();
      default:
        return this.say('250 ok');
    }
  }

  private line(line: string): void {
    if (this.fate === 'break') return void this.socket.destroy();
    if (line !== '.') {
      this.body += `${line}\r\n`;
      return;
    }
    const messageId = /^message-id:\s*(\S+)/im.exec(this.body ?? '')?.[1] ?? 'none';
    this.body = null;
    this.world.delivered.push({ messageId });
    if (this.fate === 'hang-up') this.socket.destroy();
    else if (this.fate === 'refuse-late') this.say('554 5.3.0 something went wrong here');
    else if (this.fate === 'slow') setTimeout(() => this.say('250 taken'), SLOW_MS);
    else this.say('250 taken');
  }

  private say(line: string): void {
    if (this.socket.writable) this.socket.write(`${line}\r\n`);
  }
}
