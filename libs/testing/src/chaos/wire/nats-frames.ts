/**
 * Just enough of the NATS client protocol to tell whole frames apart in a byte stream and to say what each one is.
 *
 * I1 bytes that are no complete frame yet are kept for the next chunk; joined again, the frames are the stream
 */
const LINE_END = Buffer.from('\r\n');

/** What a frame is for the log above it. */
export type FrameKind = 'publish' | 'ack' | 'pub-ack' | 'delivery' | 'other';

export interface Frame {
  readonly kind: FrameKind;
  readonly bytes: Buffer;
}

/** Cuts frames off the front of a stream. */
export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);

  *take(chunk: Buffer): Iterable<Frame> {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      const end = frameEnd(bytes);
      if (end === null) break;
      const frame = bytes.subarray(0, end);
      yield { kind: kindOf(frame), bytes: frame };
      bytes = bytes.subarray(end);
    }
    this.#rest = bytes;
  }
}

/** A published message with its reply subject: what is needed to recognise its acknowledgement. */
export interface PublishFrame {
  readonly subject: string;
  readonly reply: string;
  readonly headers: ReadonlyMap<string, string>;
}

export function publishIn(frame: Buffer): PublishFrame | null {
  const { words, bodyStart } = control(frame);
  if (words[0] !== 'HPUB' || words.length !== 5) return null;
  const [, subject = '', reply = '', headerSize = '0'] = words;
  return { subject, reply, headers: headersIn(frame.toString('utf8', bodyStart, bodyStart + Number(headerSize))) };
}

export interface PubAckFrame {
  readonly subject: string;
  readonly stream: string;
  readonly sequence: number;
}

/** Null for any other frame, and for answers that refuse. */
export function pubAckIn(frame: Buffer): PubAckFrame | null {
  const { words, bodyStart } = control(frame);
  try {
    const { stream, seq, error } = JSON.parse(frame.toString('utf8', bodyOf(frame, words, bodyStart), frame.length - 2)) as { stream?: unknown; seq?: unknown; error?: unknown };
    if (typeof stream !== 'string' || typeof seq !== 'number' || error !== undefined) return null;
    return { subject: words[1] ?? '', stream, sequence: seq };
  } catch {
    return null; // no JSON: no PubAck
  }
}

function kindOf(frame: Buffer): FrameKind {
  const verb = frame.toString('latin1', 0, 5).split(' ')[0];
  if (verb === 'HPUB' || verb === 'PUB') return /^H?PUB \$JS\.ACK\./.test(frame.toString('latin1', 0, 14)) ? 'ack' : 'publish';
  if (verb !== 'MSG' && verb !== 'HMSG') return 'other';
  const { words, bodyStart } = control(frame);
  if (words.some((word, index) => index >= 3 && word.startsWith('$JS.ACK.'))) return 'delivery';
  const body = bodyOf(frame, words, bodyStart);
  return frame.toString('latin1', body, body + 10) === '{"stream":' ? 'pub-ack' : 'other';
}

/** Where the body begins, after the headers if there are any. */
function bodyOf(frame: Buffer, words: readonly string[], bodyStart: number): number {
  return words[0] === 'HMSG' ? bodyStart + Number(words.at(-2)) : bodyStart;
}

function control(frame: Buffer): { readonly words: readonly string[]; readonly bodyStart: number } {
  const lineEnd = frame.indexOf(LINE_END);
  return { words: frame.toString('latin1', 0, lineEnd).split(' '), bodyStart: lineEnd + 2 };
}

function headersIn(block: string): ReadonlyMap<string, string> {
  const pairs = block.split('\r\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1).trim()] as const];
  });
  return new Map(pairs);
}

/** Index after the first frame, null when it is incomplete. */
function frameEnd(bytes: Buffer): number | null {
  const lineEnd = bytes.indexOf(LINE_END);
  if (lineEnd < 0) return null;
  const line = bytes.toString('latin1', 0, lineEnd);
  if (!/^(H?MSG|H?PUB) /.test(line)) return lineEnd + 2;
  const end = lineEnd + 2 + Number(line.slice(line.lastIndexOf(' ') + 1)) + 2;
  return bytes.length >= end ? end : null;
}
