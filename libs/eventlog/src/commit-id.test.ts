import { describe, expect, it } from 'vitest';
import { commitIdOf, derivedId, eventIdOf, sha256Hex } from './commit-id.js';

describe('ids', () => {
  it('are pinned: every release derives the same from the same [G5]', () => {
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(commitIdOf('cause', 'decider', 'evt.hub.00.runtime.loop.k')).toMatchInlineSnapshot(`"62036ed44fc39c542c8ca2b8f14f4c8a"`);
    expect(derivedId('run', 'request')).toMatchInlineSnapshot(`"7498e0509d0e0c21a6503aba5ea23da2"`);
    expect(eventIdOf('abc', 2)).toBe('abc/2');
  });

  it('differ when a boundary between parts moves', () => {
    expect(derivedId('p', 'a', 'b')).not.toBe(derivedId('p', 'a\nb'));
    expect(commitIdOf('a', 'b', 'c')).not.toBe(commitIdOf('a', 'bc', ''));
    expect(commitIdOf('a', 'b', 'c')).toMatch(/^[0-9a-f]{32}$/);
  });
});
