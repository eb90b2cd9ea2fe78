import { createMemoryLog, derivedId, type Command, type Commit, type LetterRecord, type MemoryLog } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { RequestEvent } from '@soloist/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { Committer } from './committer.js';
import { systemClock } from './clock.js';
import { defineEntity } from './entity.js';
import { isAboutLetter, settleLetter, type Redeliverer } from './redelivery.js';

const inputId = derivedId('test', 'one');
const letterId = 'a'.repeat(32);
const request = defineEntity<number, RequestEvent>({ context: 'orchestrator', entity: 'request', initial: 0, evolve: (count) => count + 1 });

let memory: MemoryLog;
let commit: Commit;
const handed: string[] = [];

beforeEach(async () => {
  handed.length = 0;
  memory = createMemoryLog({ streams: 2 });
  const received: RequestEvent = { type: 'orchestrator.request.received', data: { inputId, source: 'mail', dataSubject: 'someone' } };
  const outcome = await new Committer(memory.log, 'orchestrator', systemClock).commit({ cause: null, seed: 's', decider: 'test', traceparent: null }, request, inputId, 'receive', () => [received]);
  if (outcome.kind !== 'committed') throw new Error(outcome.kind);
  ({ commit } = outcome);
});

function owner(change: Partial<Redeliverer> = {}): Redeliverer {
  return {
    service: 'orchestrator',
    log: memory.log,
    now: () => '2026-01-02T03:04:05.000Z',
    reactTo: (found) => Promise.resolve(handed.push(found.id)),
    execute: (command) => Promise.resolve(handed.push(command.id)),
    ...change,
  };
}

function wish(body: unknown, key: string = inputId): Command {
  return { id: 'wish-1', actor: 'operator', address: { kind: 'cmd', site: 'hub', bucket: 0, context: 'orchestrator', entity: 'request', key }, body } as Command;
}

const again = (position = commit.position): unknown => ({ type: 'soloist.redeliver', letterId, what: { kind: 'commit', position, carried: null } });
const outcomes = async (): Promise<unknown[]> => ((await memory.connect('governance').log.letters()) as readonly LetterRecord[]).flatMap((record) => (record.kind === 'outcome' ? [record.outcome] : []));

describe('a letter that is handed over again [G18]', () => {
  it('reaches the reactors as it lies on the log, and is settled after', async () => {
    expect(await settleLetter(wish(again()), owner())).toBe('redelivered');
    expect(handed).toEqual([commit.id]);
    expect(await outcomes()).toMatchObject([{ settles: letterId, outcome: 'redelivered', commandId: 'wish-1' }]);
  });

  it('stays open where the reactors fail for good, with the reason', async () => {
    const failing = owner({ reactTo: () => Promise.reject(new TypeError('still wrong')) });
    expect(await settleLetter(wish(again()), failing)).toBe('failed');
    expect(await outcomes()).toMatchObject([{ outcome: 'failed', reason: 'defect: still wrong' }]);
    const refusing = owner({ reactTo: () => Promise.reject(new Fault('invalid', 'test.bad', 'bad')) });
    expect(await settleLetter(wish(again()), refusing)).toBe('failed');
    expect((await outcomes())[1]).toMatchObject({ reason: 'test.bad: bad' });
  });

  it('comes again where the world failed, and nothing is said about it', async () => {
    const down = owner({ reactTo: () => Promise.reject(new Fault('transient', 'test.down', 'down')) });
    await expect(settleLetter(wish(again()), down)).rejects.toMatchObject({ code: 'test.down' });
    expect(await outcomes()).toEqual([]);
  });

  it('is handed over again when the word about it was lost, and settled once for its readers', async () => {
    const { log } = memory;
    const lost = owner({ log: { ...log, settle: () => Promise.reject(new Fault('transient', 'log.unreachable', 'cut')) } });
    await expect(settleLetter(wish(again()), lost)).rejects.toMatchObject({ kind: 'transient' });
    expect(await settleLetter(wish(again()), owner())).toBe('redelivered');
    expect(handed).toEqual([commit.id, commit.id]);
    expect(await outcomes()).toHaveLength(1);
  });

  it('carries its command, when it is the letter of one', async () => {
    const command = { type: 'soloist.redeliver', letterId, what: { kind: 'command', id: 'c-1', actor: 'operator', body: { type: 'test.do' } } };
    expect(await settleLetter(wish(command), owner())).toBe('redelivered');
    expect(handed).toEqual(['c-1']);
  });

  it('is discarded without being handed over', async () => {
    expect(await settleLetter(wish({ type: 'soloist.discard', letterId, reason: 'not wanted' }), owner())).toBe('discarded');
    expect(handed).toEqual([]);
    expect(await outcomes()).toMatchObject([{ outcome: 'discarded', reason: 'not wanted' }]);
  });
});

describe('what is not taken', () => {
  it.each([
    ['a position where nothing lies', () => wish(again({ stream: 0, sequence: 999 })), 'redelivery.not-on-log'],
    ['a commit of another key', () => wish(again(), 'another'), 'redelivery.foreign'],
    ['a wish inside a wish', () => wish({ type: 'soloist.redeliver', letterId, what: { kind: 'command', id: 'c', actor: 'o', body: { type: 'soloist.discard' } } }), 'redelivery.invalid'],
  ])('%s: the letter stays open', async (_, made, code) => {
    expect(await settleLetter(made(), owner())).toBe('failed');
    expect(await outcomes()).toMatchObject([{ outcome: 'failed', reason: expect.stringContaining(code) }]);
    expect(handed).toEqual([]);
  });

  it('a wish that breaks its contract: it becomes a letter itself', async () => {
    await expect(settleLetter(wish({ type: 'soloist.redeliver', letterId }), owner())).rejects.toMatchObject({ kind: 'invalid', code: 'redelivery.invalid' });
  });

  it('a commit that is no fact of governance, by a service that may not read the log', async () => {
    const carried = await memory.log.carry(commit.position);
    const body = { type: 'soloist.redeliver', letterId, what: { kind: 'commit', position: commit.position, carried } };
    expect(await settleLetter(wish(body), owner({ service: 'connectors' }))).toBe('failed');
    expect(await outcomes()).toMatchObject([{ reason: expect.stringContaining('redelivery.foreign') }]);
    expect(await settleLetter(wish({ ...body, what: { ...body.what, carried: null } }), owner({ service: 'connectors' }))).toBe('failed');
  });

  it('is told from every other command', () => {
    expect([null, {}, { type: 'x' }, 'soloist.redeliver', { type: 'soloist.redeliver' }].map(isAboutLetter)).toEqual([false, false, false, false, true]);
  });
});
