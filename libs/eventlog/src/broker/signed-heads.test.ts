import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StoredMessage } from '../codec/message.js';
import { EMPTY_HEAD, nextHead } from '../verify/message-digest.js';
import { latestHeads, SIGNED_HEADS_FILE, signedHeads, signNewHeads, type ReadStream } from './signed-heads.js';

let keep: string;
const AT = '2026-01-02T03:04:05.000Z';
const STREAM = 'EVENTS-0';

beforeEach(async () => void (keep = await mkdtemp(join(tmpdir(), 'soloist-heads-'))));
afterEach(() => rm(keep, { recursive: true, force: true }));

function messagesOf(count: number, text = 'body'): StoredMessage[] {
  return Array.from({ length: count }, (_, index) => ({ stream: STREAM, sequence: index + 1, subject: `evt.hub.00.runtime.loop.run-${index}`, headers: [], body: Buffer.from(`${text} ${index}`) }));
}

const readerOf = (stored: readonly StoredMessage[]): ReadStream =>
  async function* (_stream, from) {
    for (let at = from - 1; at < stored.length; at += 300) yield stored.slice(at, at + 300);
  };

const sign = (stored: readonly StoredMessage[]) => signNewHeads(keep, [{ name: STREAM, lastSequence: stored.length }], readerOf(stored), AT);
const file = (): string => join(keep, SIGNED_HEADS_FILE);

describe('signed heads [G22]', () => {
  test('stand at every thousandth message and at the end, and go on where they stood', async () => {
    const stored = messagesOf(2_500);
    expect((await sign(stored.slice(0, 1_200))).map(({ sequence }) => sequence)).toEqual([1_000, 1_200]);
    expect((await sign(stored)).map(({ sequence }) => sequence)).toEqual([2_200, 2_500]);
    expect(await sign(stored)).toEqual([]);
    const heads = await signedHeads(keep);
    expect(heads.map(({ sequence }) => sequence)).toEqual([1_000, 1_200, 2_200, 2_500]);
    // In pieces it is the head that one reading from the beginning gives.
    expect(latestHeads(heads).get(STREAM)?.head).toBe(stored.reduce(nextHead, EMPTY_HEAD));
  });

  test('are not continued over a log that holds something else, or less, where the last one stood', async () => {
    await sign(messagesOf(10));
    const before = await readFile(file(), 'utf8');
    await expect(sign(messagesOf(12, 'other'))).rejects.toMatchObject({ code: 'stream-altered' });
    await expect(signNewHeads(keep, [{ name: STREAM, lastSequence: 12 }], readerOf([]), AT)).rejects.toMatchObject({ code: 'stream-truncated' });
    expect(await readFile(file(), 'utf8')).toBe(before);
  });

  test.each<[string, (lines: string[]) => string[]]>([
    ['a changed line', (lines) => lines.with(1, (lines[1] ?? '').replace('"sequence":2', '"sequence":3'))],
    ['a line out of the middle gone', (lines) => lines.toSpliced(1, 1)],
    ['lines in another order', (lines) => [lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)]],
    ['a line twice', (lines) => lines.toSpliced(1, 0, lines[0] ?? '')],
    ['another spelling', (lines) => lines.with(0, (lines[0] ?? '').replace('{', '{ '))],
    ['something else', (lines) => ['{}', ...lines]],
  ])('with %s are refused', async (_name, change) => {
    for (const count of [1, 2, 3]) await sign(messagesOf(count));
    const lines = (await readFile(file(), 'utf8')).split('\n').slice(0, -1);
    expect(lines).toHaveLength(3);
    await writeFile(file(), change(lines).map((line) => `${line}\n`).join(''));
    await expect(signedHeads(keep)).rejects.toMatchObject({ code: 'keep-unreadable' });
  });

  test('that are gone, of a keep that has signed before, are refused; a keep that never signed has none', async () => {
    expect(await signedHeads(keep)).toEqual([]);
    await sign(messagesOf(1));
    await rm(file());
    await expect(signedHeads(keep)).rejects.toMatchObject({ code: 'keep-unreadable' });
  });

  test('survive a crash in the middle of a line: what was not ended is cut off', async () => {
    await sign(messagesOf(3));
    await appendFile(file(), '{"type":"soloist.log-head","version":1,"str');
    expect(await signedHeads(keep)).toHaveLength(1);
    expect(await sign(messagesOf(5))).toHaveLength(1);
    expect((await signedHeads(keep)).map(({ sequence }) => sequence)).toEqual([3, 5]);
  });

  test('of another key are refused', async () => {
    await sign(messagesOf(3));
    const foreign = await mkdtemp(join(tmpdir(), 'soloist-heads-'));
    await signNewHeads(foreign, [{ name: STREAM, lastSequence: 3 }], readerOf(messagesOf(3)), AT);
    await writeFile(file(), await readFile(join(foreign, SIGNED_HEADS_FILE)));
    await expect(signedHeads(keep)).rejects.toMatchObject({ code: 'keep-unreadable' });
    await rm(foreign, { recursive: true });
  });
});
