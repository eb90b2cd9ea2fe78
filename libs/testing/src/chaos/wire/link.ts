/**
 * One link between two processes, as a TCP proxy that can fail the way networks do, and, before nats-server, lose or
 * double single frames.
 *
 * I1 while nothing is wrong, every byte passes unchanged and in order
 * I2 an acknowledgement is recorded only when it was handed on to its writer
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameCutter, publishIn, pubAckIn, type Frame, type FrameKind, type PublishFrame } from './nats-frames.js';

/**
 * `cut`: connections break, new ones are refused · `black-hole`: they stay, and nothing moves until it is over ·
 * `half-open`: the far side breaks and the near side is not told
 */
export type LinkState = 'open' | 'cut' | 'black-hole' | 'half-open';

/** How often a frame is passed on: 0 loses it, 2 doubles it. */
export type Copies = 0 | 1 | 2;

export interface LinkOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** Null: the link carries something else than NATS, and its bytes are not looked at. */
  readonly nats: { readonly onPubAck: (published: PublishFrame, at: { readonly stream: string; readonly sequence: number }) => void } | null;
}

interface Bridge {
  readonly near: Socket;
  readonly far: Socket;
}

export class Link {
  readonly #server: Server;
  readonly #bridges = new Set<Bridge>();
  #state: LinkState = 'open';
  #latencyMs = 0;
  /** Decides about each frame of the log's traffic; absent: all pass once. */
  fate: ((kind: FrameKind) => Copies) | null = null;

  private constructor(private readonly options: LinkOptions) {
    this.#server = createServer((near) => this.#accept(near));
  }

  static async before(options: LinkOptions): Promise<Link> {
    const link = new Link(options);
    await new Promise<void>((listening, failed) => link.#server.once('error', failed).listen(0, '127.0.0.1', listening));
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Delays each chunk; 0 passes at once. */
  setLatency(ms: number): void {
    this.#latencyMs = ms;
  }

  set(state: LinkState): void {
    const before = this.#state;
    this.#state = state;
    if (state === 'cut') this.#breakAll();
    if (state === 'black-hole') for (const socket of this.#sockets()) socket.pause();
    if (state === 'half-open') for (const { far } of this.#bridges) far.destroy();
    if (state !== 'open') return;
    // What stood still moves on; whoever was not told that the far side had gone is told now.
    if (before === 'half-open') this.#breakAll();
    else for (const socket of this.#sockets()) socket.resume();
  }

  /** Resets all connections at once and takes new ones: a fault in the middle of whatever was going on. */
  reset(): void {
    for (const socket of this.#sockets()) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.#breakAll();
    await new Promise((closed) => this.#server.close(closed));
  }

  #sockets(): readonly Socket[] {
    return [...this.#bridges].flatMap(({ near, far }) => [near, far]);
  }

  #breakAll(): void {
    for (const socket of this.#sockets()) socket.destroy();
  }

  #accept(near: Socket): void {
    near.on('error', () => near.destroy());
    if (this.#state !== 'open') {
      // A network that is down answers nothing; one that was cut says so.
      if (this.#state === 'cut') near.destroy();
      else near.pause();
      const bridge = { near, far: near };
      this.#bridges.add(bridge);
      near.once('close', () => this.#bridges.delete(bridge));
      near.once('resume', () => near.destroy());
      return;
    }
    const far = connect(this.options.target);
    const bridge = { near, far };
    this.#bridges.add(bridge);
    far.on('error', () => far.destroy());
    near.once('close', () => {
      far.destroy();
      this.#bridges.delete(bridge);
    });
    far.once('close', () => {
      if (this.#state !== 'half-open') near.destroy();
    });
    const pending = new Map<string, PublishFrame>();
    this.#pump(near, far, (frame) => remember(pending, frame));
    this.#pump(far, near, (frame) => this.#recognise(pending, frame));
  }

  #pump(from: Socket, to: Socket, onPassed: (frame: Frame) => void): void {
    const cutter = this.options.nats === null ? null : new FrameCutter();
    const write = (bytes: Buffer): void => {
      if (to.writable) to.write(bytes);
    };
    const pass = (chunk: Buffer): void => {
      if (cutter === null) return write(chunk);
      for (const frame of cutter.take(chunk)) {
        const copies = this.fate?.(frame.kind) ?? 1;
        // Before it is sent: once it can have an answer, the answer must be known for what it is.
        if (copies > 0) onPassed(frame);
        for (let copy = 0; copy < copies; copy += 1) write(frame.bytes);
      }
    };
    // A chunk never overtakes the one before it, also when the link has become faster meanwhile: two timers that were set
    // for the same moment from different ones may fire in any order, so whichever fires passes the oldest.
    const underway: Buffer[] = [];
    let due = 0;
    from.on('data', (chunk: Buffer) => {
      due = Math.max(due, performance.now() + this.#latencyMs);
      if (underway.length === 0 && this.#latencyMs === 0) return pass(chunk);
      underway.push(chunk);
      setTimeout(() => {
        const oldest = underway.shift();
        if (oldest !== undefined) pass(oldest);
      }, due - performance.now());
    });
  }

  /** I2 */
  #recognise(pending: Map<string, PublishFrame>, { kind, bytes }: Frame): void {
    if (kind !== 'pub-ack') return;
    const ack = pubAckIn(bytes);
    const published = ack === null ? undefined : pending.get(ack.subject);
    if (ack === null || published === undefined) return;
    pending.delete(ack.subject);
    this.options.nats?.onPubAck(published, ack);
  }
}

function remember(pending: Map<string, PublishFrame>, { kind, bytes }: Frame): void {
  if (kind !== 'publish') return;
  const published = publishIn(bytes);
  if (published?.subject.startsWith('evt.') === true) pending.set(published.reply, published);
}
