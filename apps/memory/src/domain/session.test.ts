import { describe, expect, it } from 'vitest';
import { LONGEST_TURN, MOST_CHARACTERS, MOST_TURNS, turnsIn, withTurn, type Turn } from './session.js';

const turn = (n: number, text = `turn ${n}`): Turn => ({ role: n % 2 === 0 ? 'client' : 'agent', text, source: `c${n}/0`, at: new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString() });
const after = (...turns: Turn[]): readonly Turn[] => turns.reduce<readonly Turn[]>((kept, next) => withTurn(kept, next), []);

describe('session', () => {
  it('keeps turns oldest first, in whatever order they arrive', () => {
    expect(after(turn(2), turn(1), turn(3)).map(({ text }) => text)).toEqual(['turn 1', 'turn 2', 'turn 3']);
  });

  it('keeps a turn of the same source once, and the very same turns then', () => {
    const turns = after(turn(1));
    expect(withTurn(turns, turn(1, 'said again'))).toBe(turns);
  });

  it('lets the oldest go when there are too many or they are too long', () => {
    const many = after(...Array.from({ length: 50 }, (_, n) => turn(n)));
    expect(many).toHaveLength(MOST_TURNS);
    expect(many.at(-1)?.text).toBe('turn 49');
    const long = after(...Array.from({ length: 20 }, (_, n) => turn(n, 'x'.repeat(5_000))));
    expect(long.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(long.at(-1)?.text).toHaveLength(LONGEST_TURN);
  });

  it('cuts no character in two', () => {
    const [kept] = after(turn(1, '\u{1F600}'.repeat(LONGEST_TURN)));
    expect(kept?.text.isWellFormed()).toBe(true);
  });

  it('reads what it does not know as empty', () => {
    for (const stored of [null, undefined, 'text', {}, { turns: 'x' }, { turns: [null, 3, { role: 'client' }] }]) expect(turnsIn(stored)).toEqual([]);
    expect(turnsIn({ turns: [turn(1), { role: 'client' }] })).toEqual([turn(1)]);
  });
});
