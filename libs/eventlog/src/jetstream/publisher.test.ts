import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { headers as clientHeaders, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Publisher } from './publisher.js';
import { headerText } from './wire.js';

/** Speaks as much of the protocol as a client needs to be connected, and hands over each message as text. */
class Listener {
  readonly received: { readonly subject: string; readonly reply: string }[] = [];
  chunks = 0;
  inbox = { subject: '', sid: '' };
  socket: Socket | null = null;
  private readonly server: Server = createServer((socket) => this.serve(socket));

  listen(): Promise<number> {
    return new Promise((resolve) => this.server.listen(0, '127.0.0.1', () => resolve((this.server.address() as AddressInfo).port)));
  }

  answer(reply: string, body: string, header = ''): void {
    if (header === '') this.socket?.write(`MSG ${reply} ${this.inbox.sid} ${body.length}\r\n${body}\r\n`);
    else this.socket?.write(`HMSG ${reply} ${this.inbox.sid} ${header.length} ${header.length + body.length}\r\n${header}${body}\r\n`);
  }

  say(line: string): void {
    this.socket?.write(`${line}\r\n`);
  }

  async got(count: number): Promise<void> {
    const deadline = performance.now() + 5_000;
    while (this.received.length < count) {
      if (performance.now() > deadline) throw new Error(`${this.received.length} of ${count} messages came within 5 s`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  close(): void {
    this.socket?.destroy();
    this.server.close();
  }

  private serve(socket: Socket): void {
    this.socket = socket;
    socket.on('error', () => undefined);
    socket.write('INFO {"server_id":"x","version":"2.14.0","headers":true,"max_payload":1048576,"proto":1}\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (text.includes('PING\r\n')) socket.write('PONG\r\n');
      for (const [, subject = '', sid = ''] of text.matchAll(/^SUB (\S+) (\S+)\r$/gm)) this.inbox = { subject, sid };
      const published = [...text.matchAll(/^HPUB (\S+) (\S+) \d+ \d+\r$/gm)];
      if (published.length > 0) this.chunks += 1;
      for (const [, subject = '', reply = ''] of published) this.received.push({ subject, reply });
    });
  }
}

let listener: Listener;
let connection: NatsConnection;
beforeEach(async () => {
  listener = new Listener();
  connection = await connect({ servers: `127.0.0.1:${await listener.listen()}`, reconnect: false, noAsyncTraces: true });
});
afterEach(async () => {
  await connection.close();
  listener.close();
});

const message = (subject: string) => ({ subject, headers: [['Soloist-Commit', 'abc']] as const, body: Buffer.from('[]') });

describe('publishing', () => {
  it('I1 gives each message its own answer, in whatever order they come', async () => {
    const publisher = new Publisher(connection, 5_000);
    const answers = ['a', 'b', 'c'].map((subject) => publisher.publish(message(subject)));
    await listener.got(3);
    for (const { subject, reply } of [...listener.received].reverse()) listener.answer(reply, `for ${subject}`);
    expect((await Promise.all(answers)).map((answer) => answer.string())).toEqual(['for a', 'for b', 'for c']);
    expect(listener.received.map(({ subject }) => subject)).toEqual(['a', 'b', 'c']);
  });

  it('I2 what is published in one turn leaves together', async () => {
    const publisher = new Publisher(connection, 5_000);
    const later = async (hops: number, subject: string): Promise<unknown> => {
      for (let hop = 0; hop < hops; hop += 1) await undefined;
      return publisher.publish(message(subject));
    };
    const answers = Array.from({ length: 40 }, (_, index) => later(index, `s${index}`));
    await listener.got(40);
    expect(listener.chunks).toBeLessThanOrEqual(3);
    for (const { reply } of listener.received) listener.answer(reply, '{}');
    await Promise.all(answers);
  });

  it('I3 tells silence, nobody there, no right and a lost connection apart, and forgets none', async () => {
    const publisher = new Publisher(connection, 100);
    const silent = publisher.publish(message('silent'));
    await expect(silent).rejects.toMatchObject({ name: 'TimeoutError' });
    const unheard = publisher.publish(message('unheard'));
    await listener.got(2);
    listener.answer(listener.received[1]?.reply ?? '', '', 'NATS/1.0 503\r\n\r\n');
    await expect(unheard).rejects.toMatchObject({ name: 'NoResponders' });
    const refused = publisher.publish(message('refused'));
    await listener.got(3);
    listener.say(`-ERR 'Permissions Violation for Publish to "refused"'`);
    await expect(refused).rejects.toMatchObject({ name: 'PermissionViolationError' });
    const cut = publisher.publish(message('cut'));
    await listener.got(4);
    await Promise.all([expect(cut).rejects.toMatchObject({ message: 'connection closed' }), connection.close()]);
    await expect(publisher.publish(message('late'))).rejects.toMatchObject({ name: 'ClosedConnectionError' });
  });

  it('a late answer to a message that was given up reaches nobody', async () => {
    const publisher = new Publisher(connection, 50);
    await expect(publisher.publish(message('one'))).rejects.toMatchObject({ name: 'TimeoutError' });
    const second = publisher.publish(message('two'));
    await listener.got(2);
    listener.answer(listener.received[0]?.reply ?? '', 'late');
    listener.answer(listener.received[1]?.reply ?? '', 'two');
    expect((await second).string()).toBe('two');
  });
});

describe('a block of headers', () => {
  it('is what the client itself would send', () => {
    const pairs = [['Soloist-Commit', 'abc'], ['Soloist-Types', 'a.b.c.v1,a.b.d.v1'], ['Nats-Expected-Last-Subject-Sequence', '7']] as const;
    const theirs = clientHeaders();
    for (const [name, value] of pairs) theirs.append(name, value);
    expect(headerText(pairs)).toBe(String(theirs));
  });

  it.each(['a\r\nSoloist-Actor: operator', 'a\nb', 'a\rb'])('refuses a value that would end its line', (value) => {
    expect(() => headerText([['Soloist-Actor', value]])).toThrow(/end of a line/);
  });
});
