import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredMessage } from '../codec/message.js';
import { cloudEventsOf } from './cloud-events.js';
import { checkExport, checkExportBytes, writeExport } from './export-file.js';
import { headsOf, LogCheck, type LogCheckReport, type Remembered } from './log-check.js';
import { filledLog, storedIn } from './log.fixture.js';
import { messageDigest } from './message-digest.js';
import { logKeyId } from './signed-head.js';
import { recordedHeads, recordVerified } from '../broker/recorded-heads.js';
import { committed, draftOf, loopAddress } from '../conformance/drafts.js';
import type { Broker } from '../log/broker.port.js';
import type { MemoryLog } from '../memory/memory-log.js';
import { checkLive } from './live-log.js';

const STREAMS = 2;
let folder: string;
let messages: readonly StoredMessage[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-verify-'));
  messages = await storedIn(await filledLog(STREAMS), STREAMS);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function check(stored: readonly StoredMessage[], remembered?: ReadonlyMap<string, readonly Remembered[]>): LogCheckReport {
  const log = new LogCheck(STREAMS, remembered);
  for (const message of stored) log.take(message, new Map());
  return log.finish();
}

/** The one with this place in its stream and all after it renumbered, as a store would be that was rewritten. */
function without(index: number): readonly StoredMessage[] {
  const gone = messages[index];
  return messages.flatMap((message, at) => (at === index ? [] : at > index && message.stream === gone?.stream ? [{ ...message, sequence: message.sequence - 1 }] : [message]));
}

function withHeader(message: StoredMessage, name: string, value: string): StoredMessage {
  return { ...message, headers: message.headers.map(([key, was]) => [key, key === name ? value : was] as const) };
}

const inBody = (text: string): number => messages.findIndex(({ body }) => Buffer.from(body).includes(text));
const checksOf = (report: LogCheckReport): string[] => [...new Set(report.findings.map(({ check: name }) => name))];

describe('a log is found whole [G22]', () => {
  test('with its fences and forks, sealed fields and snapshots', () => {
    const report = check(messages);
    expect(report).toMatchObject({ isWhole: true, broken: 0, findings: [], commits: messages.length, fenced: 12 });
    expect(report.streams.reduce((sum, { commits }) => sum + commits, 0)).toBe(messages.length);
    expect(report.entities).toBeGreaterThan(12);
  });

  test('against heads that were recorded apart', () => {
    const heads = headsOf(check(messages), 'verified-head');
    expect(check(messages, heads)).toMatchObject({ isWhole: true, headsMet: STREAMS });
    const last = messages.at(-1) as StoredMessage;
    const anchor: Remembered = { sequence: last.sequence, of: 'message', digest: messageDigest(last), check: 'anchor' };
    expect(check(messages, new Map([[last.stream, [anchor]]]))).toMatchObject({ isWhole: true, headsMet: 1 });
  });

  test('when it is empty', () => expect(check([])).toMatchObject({ isWhole: true, commits: 0 }));
});

describe('what is wrong is named with its place [G22]', () => {
  test('a commit that is gone', () => {
    const index = inBody('fenced-by-the-episode');
    const report = check(messages.toSpliced(index, 1));
    expect(report.findings[0]).toMatchObject({ check: 'sequence', sequence: (messages[index]?.sequence ?? 0) + 1 });
  });

  test('a commit that is gone and the rest renumbered', () => {
    const report = check(without(inBody('"start"')));
    expect(report.isWhole).toBe(false);
    expect(checksOf(report)).toContain('chain');
  });

  test('two commits that changed places', () => {
    const index = messages.findIndex((message, at) => message.stream === messages[at + 1]?.stream);
    const [one, two] = [messages[index], messages[index + 1]] as [StoredMessage, StoredMessage];
    expect(checksOf(check(messages.toSpliced(index, 2, two, one)))).toContain('sequence');
  });

  test.each([
    ['a changed body', 'chain', (message: StoredMessage) => ({ ...message, body: Buffer.from(Buffer.from(message.body).toString().replace('"start"', '"stort"')) })],
    ['a changed actor', 'chain', (message: StoredMessage) => withHeader(message, 'Soloist-Actor', 'service:other')],
    ['a changed type', 'decode', (message: StoredMessage) => withHeader(message, 'Soloist-Types', 'runtime.loop.finished.v1')],
    ['a changed expectation', 'expectation', (message: StoredMessage) => withHeader(message, 'Nats-Expected-Last-Subject-Sequence', '99')],
    ['a start hint of its own', 'start-hint', (message: StoredMessage) => ({ ...message, headers: [...message.headers, ['Soloist-From', '99'] as const] })],
    ['a key of another stream', 'place', (message: StoredMessage) => ({ ...message, stream: 'EVENTS-1' })],
  ])('%s', (_, name, change) => {
    const index = inBody('"start"');
    const first = messages[index] as StoredMessage;
    const place = name === 'place' ? messages.filter(({ stream }) => stream === 'EVENTS-0').slice(0, 1).map(change) : messages.with(index, change(first));
    expect(checksOf(check(place))).toContain(name);
  });

  test('a tail that was cut, by what is remembered of it', () => {
    const heads = headsOf(check(messages), 'verified-head');
    const report = check(messages.slice(0, -1), heads);
    expect(report).toMatchObject({ isWhole: false, broken: 1 });
    expect(report.findings[0]).toMatchObject({ check: 'verified-head', subject: null, reason: expect.stringContaining('cut') });
    // Without a memory of it, what is left is a whole log: the honest bound.
    expect(check(messages.slice(0, -1)).isWhole).toBe(true);
  });
});

describe('an export file', () => {
  async function exported(name: string): Promise<string> {
    const file = join(folder, `${name}.jsonl`);
    await writeExport(file, STREAMS, pages(), '2026-01-02T03:04:05.000Z');
    return file;
  }
  async function* pages(): AsyncIterable<readonly StoredMessage[]> {
    yield* [messages.slice(0, 7), messages.slice(7)];
  }

  test('is checked with nothing but the file, and says what the log says [G22]', async () => {
    const report = await checkExport(await exported('whole'));
    expect(report).toEqual({ ...check(messages), signedBy: null });
  });

  test('holds no personal text in clear', async () => {
    const content = await readFile(await exported('sealed'), 'utf8');
    expect(content).toContain('$sealed');
    expect(content).not.toContain('who is this?');
  });

  test('is never written over another file', async () => {
    const file = await exported('twice');
    await expect(writeExport(file, STREAMS, pages(), '2026-01-02T03:04:05.000Z')).rejects.toMatchObject({ code: 'EEXIST' });
  });

  test('is refused when it is something else', async () => {
    const file = join(folder, 'other');
    await writeFile(file, '{"type":"something"}\n');
    await expect(checkExport(file)).rejects.toMatchObject({ code: 'log.no-export' });
    await expect(checkExportBytes(Buffer.alloc(0))).rejects.toMatchObject({ code: 'log.no-export' });
  });

  test('is signed, and whoever holds the public key tells whether it is what was exported [G22]', async () => {
    const [own, foreign] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
    const file = join(folder, 'signed.jsonl');
    await writeExport(file, STREAMS, pages(), '2026-01-02T03:04:05.000Z', own.privateKey);
    expect(await checkExport(file, { publicKey: own.publicKey })).toMatchObject({ isWhole: true, signedBy: logKeyId(own.publicKey) });
    const unsigned = await exported('unsigned');
    // Made anew as a whole by somebody without the key: whole in itself, and not what was exported.
    const forged = join(folder, 'forged.jsonl');
    await writeExport(forged, STREAMS, (async function* () { yield messages.slice(0, -1); })(), '2026-01-02T03:04:05.000Z', foreign.privateKey);
    for (const other of [unsigned, forged]) {
      expect((await checkExport(other)).isWhole).toBe(true);
      const report = await checkExport(other, { publicKey: own.publicKey });
      expect(report).toMatchObject({ isWhole: false, signedBy: null });
      expect(checksOf(report)).toEqual(['signature']);
    }
  });

  test('carries a body that is not UTF-8 as it is', async () => {
    const poison = { ...(messages[0] as StoredMessage), body: Buffer.from([0xff, 0xfe, 0x00]) };
    const file = join(folder, 'poison.jsonl');
    const written = await writeExport(file, STREAMS, (async function* () { yield [poison]; })(), '2026-01-02T03:04:05.000Z');
    const read = await checkExport(file);
    expect(read).toEqual({ ...written, signedBy: null });
    expect(checksOf(read)).toEqual(['decode']);
  });
});

describe('the keep', () => {
  test('remembers the heads of a whole log, and of no other', async () => {
    const keep = await mkdtemp(join(folder, 'keep-'));
    const report = check(messages);
    await recordVerified(keep, report);
    expect(check(messages, await recordedHeads(keep))).toMatchObject({ isWhole: true, headsMet: STREAMS });
    expect(check(messages.slice(0, -1), await recordedHeads(keep)).isWhole).toBe(false);
    await expect(recordVerified(keep, { ...report, isWhole: false })).rejects.toThrow(RangeError);
    await writeFile(join(keep, 'verified-heads.json'), '{');
    await expect(recordedHeads(keep)).rejects.toMatchObject({ code: 'keep-unreadable' });
  });
});

describe('a blob that a commit names [G22]', () => {
  async function withBlob(): Promise<{ memory: MemoryLog; sha256: string }> {
    const memory = await filledLog(STREAMS, 1);
    const ref = await memory.log.putBlob('runtime', Buffer.from('a long prompt '.repeat(20_000)), 'somebody');
    const ask = { askId: 'a-1', step: 1, epoch: 1, model: 'm', messages: null, messagesBlob: ref, tools: [], promptDigest: 'd'.repeat(64), maxOutputTokens: 9, ceilingMicros: 1, price: { source: 's', version: 'v' }, dataSubject: 'somebody' };
    committed(await memory.log.append(draftOf(loopAddress(), [{ type: 'runtime.loop.model-asked', data: ask }], null)));
    return { memory, sha256: ref.sha256 };
  }
  /** The broker of a log whose blobs are seen through `change`. */
  const checked = ({ broker, keys }: MemoryLog, change: (message: StoredMessage) => StoredMessage | null): Promise<LogCheckReport> => {
    const own = broker.connect('replay');
    const last: Broker['last'] = async (stream, subject) => {
      const found = await own.last(stream, subject);
      return found === null || stream !== 'BLOBS' ? found : change(found);
    };
    return checkLive({ ...own, last }, STREAMS, keys, new Map());
  };

  test('is held against the hash it is named by', async () => {
    const { memory, sha256 } = await withBlob();
    expect(await checked(memory, (message) => message)).toMatchObject({ isWhole: true, blobs: 1 });
    const flipped = await checked(memory, (message) => ({ ...message, body: message.body.map((byte, at) => (at === 77 ? byte ^ 1 : byte)) }));
    expect(flipped.findings).toMatchObject([{ check: 'blob', reason: expect.stringContaining(sha256) }]);
    expect((await checked(memory, () => null)).findings).toMatchObject([{ check: 'blob', reason: expect.stringContaining('missing') }]);
  });
});

test('each event of a commit is a CloudEvent, in order', () => {
  const events = messages.flatMap(cloudEventsOf);
  expect(events).toHaveLength(check(messages).events);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events[0]).toMatchObject({ specversion: '1.0', source: expect.stringMatching(/^\/soloist\/hub\//), type: expect.stringMatching(/\.v1$/), datacontenttype: 'application/json' });
  expect(JSON.stringify(events)).not.toContain('who is this?');
});
