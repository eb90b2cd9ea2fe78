/**
 * What can happen to a log, as functions of a seed: to the bytes of an export, to stored messages by somebody who wants it
 * to look whole, to the files of the broker.
 */
import { createHash } from 'node:crypto';
import type { StreamCount } from '@soloist/contracts';
import type { StoredMessage } from '@soloist/eventlog';
import { commitHash, endOf, exportLine, LogCheck, lineOf } from '@soloist/eventlog/verify';

/** Mulberry32: whole numbers from 0 below a bound; the same in every run of a seed. */
export type Draw = (below: number) => number;

export function drawsOf(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function flipped(bytes: Uint8Array, draw: Draw): Buffer {
  const copy = Buffer.from(bytes);
  const at = draw(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << draw(8));
  return copy;
}

const linesIn = (bytes: Buffer): string[] => bytes.toString('utf8').split('\n').slice(0, -1);
const joined = (lines: readonly string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

/** Accidents: nobody makes up for them. */
export const ON_BYTES: Readonly<Record<string, (bytes: Buffer, draw: Draw) => Buffer>> = {
  'bit-flip': flipped,
  truncate: (bytes, draw) => bytes.subarray(0, draw(bytes.length)),
  'cut-middle': (bytes, draw) => {
    const at = draw(bytes.length - 1);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + draw(300))]);
  },
  'delete-line': (bytes, draw) => joined(linesIn(bytes).toSpliced(draw(linesIn(bytes).length), 1)),
  'insert-line': (bytes, draw) => {
    const lines = linesIn(bytes);
    return joined(lines.toSpliced(draw(lines.length + 1), 0, lines[draw(lines.length)] ?? ''));
  },
  'reorder-lines': (bytes, draw) => {
    const lines = linesIn(bytes);
    const [one, other] = [draw(lines.length), draw(lines.length)];
    return joined(lines.with(one, lines[other] ?? '').with(other, lines[one] ?? ''));
  },
};

type Messages = readonly StoredMessage[];

/** By somebody who may change everything but has no key, and makes the rest fit. */
export const ON_MESSAGES: Readonly<Record<string, (messages: Messages, draw: Draw) => Messages>> = {
  'body-bit': (messages, draw) => at(messages, draw, (message) => ({ ...message, body: flipped(message.body, draw) })),
  'header-change': (messages, draw) =>
    at(messages, draw, (message) => {
      const index = draw(message.headers.length);
      const [name, value] = message.headers[index] ?? ['', ''];
      return { ...message, headers: message.headers.with(index, [name, `${value.slice(0, -1)}${value.endsWith('x') ? 'y' : 'x'}`]) };
    }),
  'header-gone': (messages, draw) => at(messages, draw, (message) => ({ ...message, headers: message.headers.toSpliced(draw(message.headers.length), 1) })),
  'commit-gone': (messages, draw) => renumbered(messages.toSpliced(draw(messages.length), 1)),
  'commit-twice': (messages, draw) => {
    const index = draw(messages.length);
    return renumbered(messages.toSpliced(index, 0, messages[index] as StoredMessage));
  },
  'commits-swapped': (messages, draw) => {
    const index = draw(messages.length - 1);
    return renumbered(messages.toSpliced(index, 2, messages[index + 1] as StoredMessage, messages[index] as StoredMessage));
  },
  'tail-cut': (messages, draw) => {
    const stream = messages[draw(messages.length)]?.stream;
    const kept = draw(messages.filter((message) => message.stream === stream).length);
    return messages.filter((message) => message.stream !== stream || message.sequence <= kept);
  },
  // The past of an entity told anew: every later commit of it names what stands there now.
  'history-rewritten': (messages, draw) => {
    const index = draw(messages.length);
    const changed = messages.with(index, said(messages[index] as StoredMessage));
    return rechained(changed, messages, index);
  },
};

function at(messages: Messages, draw: Draw, change: (message: StoredMessage) => StoredMessage): Messages {
  const index = draw(messages.length);
  return messages.with(index, change(messages[index] as StoredMessage));
}

/** Another actor did it: well formed, and a lie. */
function said(message: StoredMessage): StoredMessage {
  return { ...message, headers: message.headers.map(([name, value]) => [name, name === 'Soloist-Actor' ? `${value}-else` : value] as const) };
}

function rechained(changed: Messages, before: Messages, from: number): Messages {
  const renamed = new Map<string, string>();
  return changed.map((message, index) => {
    const own = index < from ? message : { ...message, headers: message.headers.map(([name, value]) => [name, name === 'Soloist-Prev' ? (renamed.get(value) ?? value) : value] as const) };
    renamed.set(commitHash(before[index] as StoredMessage), commitHash(own));
    return own;
  });
}

function renumbered(messages: Messages): Messages {
  const next = new Map<string, number>();
  return messages
    .toSorted((left, right) => (left.stream < right.stream ? -1 : left.stream > right.stream ? 1 : 0))
    .map((message) => {
      const sequence = (next.get(message.stream) ?? 0) + 1;
      next.set(message.stream, sequence);
      return { ...message, sequence };
    });
}

/** An export as if the log had always been so, by somebody without the key. Null when the messages have no order any more. */
export function exportOf(messages: Messages, streams: StreamCount, firstLine: string): Buffer {
  const check = new LogCheck(streams);
  for (const message of messages) check.take(message, new Map());
  const before = joined([firstLine, ...messages.map(exportLine)]);
  return Buffer.concat([before, Buffer.from(`${lineOf(endOf(check.finish(), createHash('sha256').update(before).digest('hex'), null))}\n`)]);
}

export function firstLineOf(bytes: Buffer): string {
  return linesIn(bytes)[0] ?? '';
}
