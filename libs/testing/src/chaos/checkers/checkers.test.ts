/** Each checker, on a sound history and on one with exactly the violation that it is for. */
import { describe, expect, it } from 'vitest';
import type { History, Violation } from '../history.js';
import { checkHistory } from './check-history.js';
import { EVENTS, historyOf, KEY, soundHistory, written } from './planted.fixture.js';
import { projectionsEqual } from './projections.js';

const sound = soundHistory();
const { armed, asked, attempted, authorized, claimed, closed, limited, opened, reserved, settled, succeeded } = EVENTS;

function found(history: Partial<History>, isAtRest = true): readonly string[] {
  return [...new Set(checkHistory({ ...sound, ...history }, isAtRest).map(({ guarantee, kind }: Violation) => `${guarantee} ${kind}`))];
}
const inLog = (planted: Parameters<typeof written>[0]): readonly string[] => found(historyOf(written(planted)), false);

describe('a sound history', () => {
  it('has no violation', () => {
    expect(checkHistory(sound, true)).toEqual([]);
  });
});

describe('a planted violation is found [G1] [G3] [G4] [G5]', () => {
  it('an acknowledged commit that is gone', () => {
    expect(found({ commits: sound.commits.slice(0, -1) })).toEqual(['G1 lost']);
  });

  it('an acknowledged commit in whose place another stands', () => {
    expect(found({ commits: sound.commits.map((commit, index) => (index === 3 ? { ...commit, id: 'other' } : commit)) })).toEqual(['G1 lost']);
  });

  it('a commit that holds less than was published', () => {
    expect(found({ acknowledged: sound.acknowledged.map((one, index) => (index === 3 ? { ...one, types: `${one.types},runtime.loop.suspended.v1` } : one)) })).toEqual(['G3 lost']);
  });

  it('a commit that is there twice', () => {
    const last = sound.commits[4];
    if (last === undefined) throw new Error('the sound history is longer');
    const again = { ...last, position: { stream: 0, sequence: sound.commits.length + 1 }, prev: last.hash };
    expect(found({ commits: [...sound.commits, again] })).toEqual(expect.arrayContaining(['G5 doubled']));
  });

  it('a gap in a stream, and a chain that does not hold', () => {
    expect(found({ commits: sound.commits.map((commit, index) => (index === 10 ? { ...commit, position: { stream: 0, sequence: 12 } } : commit)), acknowledged: [] }, false)).toEqual(['G4 broken']);
    expect(found({ commits: sound.commits.map((commit, index) => (index === 3 ? { ...commit, prev: 'elsewhere' } : commit)) })).toEqual(['G4 broken']);
  });
});

describe('a planted violation is found [G8] [G10] [G11] [G12]', () => {
  it('a mail that went out twice, or without a claim', () => {
    expect(found({ delivered: [...sound.delivered, ...sound.delivered] })).toEqual(['G8 doubled']);
    expect(found({ delivered: [...sound.delivered, { messageId: '<effect2-g1@soloist.local>' }] })).toEqual(['G8 broken']);
  });

  it('a mail that went out unarmed, or unauthorized', () => {
    const mail = { delivered: [{ messageId: `<${KEY}@soloist.local>` }], charges: [] };
    expect(found({ ...historyOf(written([claimed(1), authorized(), attempted()])), ...mail }, false)).toEqual(['G8 broken']);
    expect(found({ ...historyOf(written([claimed(1), attempted(), armed])), ...mail }, false)).toEqual(['G8 broken', 'G12 broken']);
  });

  it('an authorization for something else, or used twice', () => {
    expect(inLog([claimed(1), asked(1), authorized('other'), attempted(), armed, succeeded])).toEqual(['G12 broken']);
    expect(inLog([claimed(1), asked(1), authorized(), attempted(), armed, succeeded, attempted(), succeeded])).toEqual(['G12 broken']);
  });

  it('an epoch that comes again, and a word of an old one', () => {
    expect(inLog([claimed(1), asked(1), claimed(1), authorized(), attempted(), armed])).toEqual(['G10 broken']);
    expect(inLog([claimed(1), asked(1), claimed(2), asked(1), authorized(), attempted(), armed])).toEqual(['G10 broken']);
  });

  it('a day above its limit, money for nothing, and money that does not add up', () => {
    expect(found({ ...historyOf(written([limited, reserved('one', 300), reserved('two', 300)])), delivered: [], charges: [] }, false)).toEqual(['G11 broken']);
    expect(found({ ...historyOf(written([limited, settled('one', 1, 2)])), delivered: [], charges: [] }, false)).toEqual(['G11 broken']);
    expect(found({ ...historyOf(written([limited, reserved('one', 300), settled('one', 100, 100)])), delivered: [], charges: [] }, false)).toEqual(['G11 broken']);
  });

  it('a call that nobody claimed, and a bill above the claim', () => {
    expect(found({ charges: [...sound.charges, { runId: 'a'.repeat(32), micros: 1 }] })).toEqual(['G11 broken']);
    expect(found({ charges: [{ runId: 'a'.repeat(32), micros: 101 }] })).toEqual(['G11 broken']);
  });
});

describe('a planted violation is found [G9] [G15] [G28]', () => {
  it('a run that goes nowhere, and not one that waits for a human', () => {
    const stuck = { accepted: [...sound.accepted, { inputId: 'other', runId: 'b'.repeat(32) }] };
    expect(found(stuck)).toEqual(['G28 stuck']);
    expect(found({ ...historyOf(written([opened])), delivered: [], charges: [] })).toEqual(['G28 broken']);
  });

  it('a run that is closed twice, or over an effect in doubt', () => {
    expect(inLog([claimed(1), asked(1), authorized(), attempted(), armed, closed])).toEqual(['G9 broken']);
    expect(inLog([claimed(1), asked(1), authorized(), attempted(), armed, succeeded, closed, closed])).toEqual(['G9 broken']);
  });

  it('a history in which nothing happened', () => {
    expect(found({ commits: [], acknowledged: [], delivered: [], charges: [], accepted: [] })).toEqual(['G28 broken']);
  });

  it('rows that a rebuild does not bring back', () => {
    const sums = [{ table: 'memory.facts', rows: 2, md5: 'a' }];
    expect(projectionsEqual(sums, sums)).toEqual([]);
    expect(projectionsEqual(sums, [{ table: 'memory.facts', rows: 2, md5: 'b' }])).toHaveLength(1);
    expect(projectionsEqual(sums, [])).toHaveLength(1);
    expect(projectionsEqual([], [])).toHaveLength(1);
  });
});
