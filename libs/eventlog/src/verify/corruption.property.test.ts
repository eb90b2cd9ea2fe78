/**
 * Thousands of changes to exported files (harness F10). Two adversaries: an accident that changes bytes, and somebody who
 * changes the log and writes a new last line for it; of the second only heads that were kept apart can tell.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredMessage } from '../codec/message.js';
import { isFault } from '@soloist/kernel';
import { checkExportBytes, writeExport } from './export-file.js';
import { endOf, exportLine, lineOf } from './export-format.js';
import { headsOf, LogCheck, type LogCheckReport } from './log-check.js';
import { filledLog, storedIn } from './log.fixture.js';

const STREAMS = 2;
const ROUNDS = 2_000;

let messages: readonly StoredMessage[];
let original: Buffer;
let report: LogCheckReport;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'soloist-corruption-'));
  messages = await storedIn(await filledLog(STREAMS, 5), STREAMS);
  const file = join(folder, 'log.jsonl');
  report = await writeExport(file, STREAMS, (async function* () { yield messages; })(), '2026-01-02T03:04:05.000Z');
  original = await readFile(file);
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => expect(original.length).toBeGreaterThan(10_000));

/** Mulberry32: the same changes in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

const onBytes: Readonly<Record<string, (random: Random) => Buffer>> = {
  'a flipped bit': (random) => {
    const copy = Buffer.from(original);
    const at = random(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
    return copy;
  },
  'bytes cut from the end': (random) => original.subarray(0, original.length - 1 - random(original.length - 1)),
  'bytes cut from the middle': (random) => {
    const at = random(original.length - 1);
    return Buffer.concat([original.subarray(0, at), original.subarray(at + 1 + random(Math.min(400, original.length - at - 1)))]);
  },
  'a line gone': (random) => joined(lines().toSpliced(random(lines().length), 1)),
  'a line twice': (random) => {
    const at = random(lines().length);
    return joined(lines().toSpliced(at, 0, lines()[at] ?? ''));
  },
  'two lines that changed places': (random) => {
    const [one, two] = [random(lines().length), random(lines().length)];
    return joined(lines().with(one, lines()[two] ?? '').with(two, lines()[one] ?? ''));
  },
  'a line from elsewhere': (random) => joined(lines().toSpliced(random(lines().length + 1), 0, ['', '{}', lines()[random(lines().length)]?.replace(/[0-9]/, '7') ?? ''][random(3)] ?? '')),
};

function lines(): string[] {
  return original.toString('utf8').split('\n').slice(0, -1);
}

function joined(changed: readonly string[]): Buffer {
  return Buffer.from(changed.map((line) => `${line}\n`).join(''));
}

async function isDetected(bytes: Buffer, remembered?: ReturnType<typeof headsOf>): Promise<boolean> {
  try {
    return !(await checkExportBytes(bytes, remembered === undefined ? {} : { remembered })).isWhole;
  } catch (error) {
    if (isFault(error)) return true;
    throw error;
  }
}

describe('an export file that was changed by accident [G22]', () => {
  test.each(Object.keys(onBytes))(`is found out: %s`, async (name) => {
    const random = randomOf(name.length * 7_919);
    const rounds = Math.ceil(ROUNDS / Object.keys(onBytes).length);
    const missed: string[] = [];
    for (let tried = 0; tried < rounds; ) {
      const changed = onBytes[name]?.(random) ?? original;
      if (changed.equals(original)) continue;
      tried += 1;
      if (!(await isDetected(changed))) missed.push(changed.toString('utf8').slice(0, 200));
    }
    expect(missed).toEqual([]);
  }, 120_000);
});

/** Changes of the log itself, then a file written for the changed log as if it had always been so. */
const onMessages: Readonly<Record<string, (random: Random) => readonly StoredMessage[]>> = {
  'a bit of a body': (random) => changedAt(random, (message) => ({ ...message, body: flipped(message.body, random) })),
  'a bit of a header': (random) =>
    changedAt(random, (message) => {
      const at = random(message.headers.length);
      const [name, value] = message.headers[at] ?? ['', ''];
      return { ...message, headers: message.headers.with(at, [name, Buffer.from(flipped(Buffer.from(value), random)).toString('latin1')]) };
    }),
  'a header gone': (random) => changedAt(random, (message) => ({ ...message, headers: message.headers.toSpliced(random(message.headers.length), 1) })),
  'a commit gone, the rest renumbered': (random) => renumbered(messages.toSpliced(random(messages.length), 1)),
  'a commit twice, the rest renumbered': (random) => {
    const at = random(messages.length);
    return renumbered(messages.toSpliced(at, 0, messages[at] as StoredMessage));
  },
  'two commits that changed places, renumbered': (random) => {
    const at = random(messages.length - 1);
    return renumbered(messages.toSpliced(at, 2, messages[at + 1] as StoredMessage, messages[at] as StoredMessage));
  },
  'a tail cut off a stream': (random) => {
    const stream = `EVENTS-${random(STREAMS)}`;
    const own = messages.filter((message) => message.stream === stream).length;
    const kept = random(own);
    return messages.filter((message) => message.stream !== stream || message.sequence <= kept);
  },
};

function changedAt(random: Random, change: (message: StoredMessage) => StoredMessage): readonly StoredMessage[] {
  const at = random(messages.length);
  return messages.with(at, change(messages[at] as StoredMessage));
}

function flipped(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = random(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random(7));
  return copy;
}

function renumbered(changed: readonly StoredMessage[]): readonly StoredMessage[] {
  const next = new Map<string, number>();
  return changed
    .toSorted((left, right) => (left.stream < right.stream ? -1 : left.stream > right.stream ? 1 : 0))
    .map((message) => {
      const sequence = (next.get(message.stream) ?? 0) + 1;
      next.set(message.stream, sequence);
      return { ...message, sequence };
    });
}

function rewritten(changed: readonly StoredMessage[]): Buffer {
  const check = new LogCheck(STREAMS);
  for (const message of changed) check.take(message, new Map());
  const before = joined([lines()[0] ?? '', ...changed.map(exportLine)]);
  return Buffer.concat([before, Buffer.from(`${lineOf(endOf(check.finish(), createHash('sha256').update(before).digest('hex'), null))}\n`)]);
}

describe('an export file that was made anew for a changed log [G22]', () => {
  test.each(Object.keys(onMessages))(`is found out by heads that were kept apart: %s`, async (name) => {
    const kept = headsOf(report, 'verified-head');
    const random = randomOf(name.length * 104_729);
    const rounds = Math.ceil(ROUNDS / Object.keys(onMessages).length);
    const missed: string[] = [];
    for (let tried = 0; tried < rounds; ) {
      const changed = rewritten(onMessages[name]?.(random) ?? messages);
      if (changed.equals(original)) continue;
      tried += 1;
      if (!(await isDetected(changed, kept))) missed.push(name);
    }
    expect(missed).toEqual([]);
  }, 120_000);

  test('and taken for whole without a change', async () => {
    expect(rewritten(messages).equals(original)).toBe(true);
    expect(await isDetected(original, headsOf(report, 'verified-head'))).toBe(false);
  });
});
