/** Messages of the log ⇄ messages of the client, and what the broker's answers mean. */
import { errors, headers as newHeaders, type Msg, type MsgHdrs } from '@nats-io/nats-core';
import type { HeaderPair, StoredMessage } from '../codec/message.js';
import type { PublishAnswer } from '../log/broker.port.js';

const NAME = { sequence: 'Nats-Sequence', subject: 'Nats-Subject', pending: 'Nats-Num-Pending' } as const;

/** What the broker adds when it answers a direct get; a writer's own header of such a name means nothing. */
const ADDED_BY_BROKER: ReadonlySet<string> = new Set([
  NAME.sequence,
  NAME.subject,
  NAME.pending,
  'Nats-Stream',
  'Nats-Time-Stamp',
  'Nats-Last-Sequence',
  'Nats-UpTo-Sequence',
]);

export function toHeaders(pairs: readonly HeaderPair[]): MsgHdrs {
  const headers = newHeaders();
  for (const [name, value] of pairs) headers.append(name, value);
  return headers;
}

const LINE_END = /[\r\n]/;

/** The block of headers as it stands before a body. @throws InvalidArgumentError when a value would end its line */
export function headerText(pairs: readonly HeaderPair[]): string {
  let text = 'NATS/1.0\r\n';
  for (const [name, value] of pairs) {
    if (LINE_END.test(value)) throw errors.InvalidArgumentError.format(name, 'holds the end of a line');
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}

export function toPairs(headers: MsgHdrs | undefined): readonly HeaderPair[] {
  if (headers === undefined) return [];
  const pairs: HeaderPair[] = [];
  for (const [name, values] of headers) {
    if (!ADDED_BY_BROKER.has(name)) for (const value of values) pairs.push([name, value]);
  }
  return pairs;
}

export type DirectAnswer =
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'end'; readonly pending: number }
  | { readonly kind: 'no-right' }
  | { readonly kind: 'error'; readonly detail: string };

/**
 * A stored message may carry a status line its writer made up, so a status counts only where the broker named no
 * sequence. Its own headers come last.
 */
export function directAnswer(stream: string, answer: Msg): DirectAnswer {
  const sequence = answer.headers?.last(NAME.sequence) ?? '';
  const subject = answer.headers?.last(NAME.subject) ?? '';
  if (sequence !== '' && subject !== '') {
    return { kind: 'message', message: { stream, sequence: Number(sequence), subject, headers: toPairs(answer.headers), body: answer.data } };
  }
  switch (answer.headers?.code) {
    case 204:
      return { kind: 'end', pending: Number(answer.headers.last(NAME.pending) || '0') };
    case 404:
      return { kind: 'not-found' };
    case 503:
      return { kind: 'no-right' };
    default:
      return { kind: 'error', detail: `${answer.headers?.code ?? 'no'} ${answer.headers?.description ?? 'status'}` };
  }
}

const WRONG_LAST: ReadonlySet<number> = new Set([10071, 10164]);
const STORE_FAILED = 10077;
const RESOURCES: ReadonlySet<number> = new Set([10023, 10028, 10047]);

interface AckBody {
  readonly stream?: string;
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly code: number; readonly err_code: number; readonly description: string };
}

export function publishAnswer(answer: Msg): PublishAnswer {
  const ack = answer.json<AckBody>();
  if (ack.error !== undefined) return refusalOf(ack.error);
  if (ack.stream === undefined || ack.seq === undefined) return { kind: 'lost', detail: 'the answer is no acknowledgement' };
  return { kind: 'stored', stream: ack.stream, sequence: ack.seq, duplicate: ack.duplicate === true };
}

function refusalOf({ err_code: code, description }: NonNullable<AckBody['error']>): PublishAnswer {
  if (WRONG_LAST.has(code)) {
    const last = /wrong last sequence: (\d+)/.exec(description)?.[1];
    return { kind: 'wrong-last', lastSequence: last === undefined ? null : Number(last) };
  }
  const detail = `${code}: ${description}`;
  if (code === STORE_FAILED && description.includes('per subject')) return { kind: 'occupied' };
  const isFull = code === STORE_FAILED || RESOURCES.has(code);
  return { kind: 'refused', why: isFull ? 'full' : 'other', detail };
}
