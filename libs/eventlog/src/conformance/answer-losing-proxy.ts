/**
 * A TCP proxy before nats-server that understands just enough of the protocol to lose acknowledgements of publishes:
 * the message is stored, and its writer never hears of it.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const LINE_END = Buffer.from('\r\n');
const ACKNOWLEDGEMENT = /"stream":"EVENTS-\d+"|"error":/;

export class AnswerLosingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #toLose = 0;

  private constructor(target: URL) {
    this.#server = createServer((client) => this.#bridge(client, connect(Number(target.port), target.hostname)));
  }

  static async before(url: string): Promise<AnswerLosingProxy> {
    const proxy = new AnswerLosingProxy(new URL(url));
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  loseAnswers(count: number): void {
    this.#toLose = count;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #bridge(client: Socket, broker: Socket): void {
    for (const [socket, other] of [[client, broker], [broker, client]] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
    client.pipe(broker);
    let rest: Buffer = Buffer.alloc(0);
    broker.on('data', (chunk) => {
      rest = this.#forward(Buffer.concat([rest, chunk]), client);
    });
  }

  /** Passes whole frames on and answers the bytes of the one that is still incomplete. */
  #forward(bytes: Buffer, client: Socket): Buffer {
    let start = 0;
    for (;;) {
      const end = frameEnd(bytes, start);
      if (end === null) return bytes.subarray(start);
      const frame = bytes.subarray(start, end);
      if (!this.#loses(frame)) client.write(frame);
      start = end;
    }
  }

  #loses(frame: Buffer): boolean {
    if (this.#toLose === 0 || !frame.subarray(0, 4).equals(Buffer.from('MSG ')) || !ACKNOWLEDGEMENT.test(frame.toString('latin1'))) return false;
    this.#toLose -= 1;
    return true;
  }
}

/** Index after the frame that begins at `start`, null when it is incomplete. */
function frameEnd(bytes: Buffer, start: number): number | null {
  const lineEnd = bytes.indexOf(LINE_END, start);
  if (lineEnd < 0) return null;
  const line = bytes.toString('latin1', start, lineEnd);
  if (!/^H?MSG /.test(line)) return lineEnd + 2;
  const size = Number(line.slice(line.lastIndexOf(' ') + 1));
  const end = lineEnd + 2 + size + 2;
  return bytes.length >= end ? end : null;
}
