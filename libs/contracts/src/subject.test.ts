import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTEXTS, episodeFilter, HUB, KINDS, parseSubject, subjectOf, type ParsedSubject } from './subject.js';

const token = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
const parts = fc.record({ kind: fc.constantFrom(...KINDS), site: token, context: fc.constantFrom(...CONTEXTS), entity: token, key: token });

describe('subjects', () => {
  it('have six tokens, pinned', () => {
    expect(subjectOf('evt', { context: 'runtime', entity: 'loop', key: 'abc' })).toBe('evt.hub.11.runtime.loop.abc');
    expect(episodeFilter('abc')).toBe('evt.*.11.*.*.abc');
  });

  it('read as they were made', () => {
    fc.assert(
      fc.property(parts, ({ kind, site, ...address }) => {
        expect(parseSubject(subjectOf(kind, address, site))).toMatchObject({ kind, site, ...address });
      }),
    );
  });

  it('of one run lie in one episode, whoever wrote them', () => {
    fc.assert(
      fc.property(parts, ({ site, ...address }) => {
        const filter = episodeFilter(address.key).split('.');
        const subject = subjectOf('evt', address, site).split('.');
        expect(filter.every((part, index) => part === '*' || part === subject[index])).toBe(true);
      }),
    );
  });

  it.each([
    ['evt.hub.11.runtime.loop', 'five tokens'],
    ['evt.hub.11.runtime.loop.abc.d', 'seven tokens'],
    ['evt.hub.12.runtime.loop.abc', 'a bucket that is not the key\'s'],
    ['evt.hub.1.runtime.loop.abc', 'a bucket of one digit'],
    ['fact.hub.11.runtime.loop.abc', 'an unknown kind'],
    ['evt.hub.11.billing.loop.abc', 'an unknown context'],
    ['evt.hub.11.runtime.Loop.abc', 'upper case'],
    ['evt.hub.11.runtime.loop.*', 'a wildcard'],
    ['evt..11.runtime.loop.abc', 'an empty token'],
    ['', 'nothing'],
  ])('%s is none: %s', (subject) => {
    expect(parseSubject(subject)).toBeNull();
  });

  it('parsing any text never throws, and what parses is made again equal', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.array(fc.string()).map((list) => list.join('.'))), (text) => {
        const parsed: ParsedSubject | null = parseSubject(text);
        if (parsed !== null) expect(subjectOf(parsed.kind, parsed, parsed.site)).toBe(text);
      }),
    );
  });

  it.each(['', 'Über', 'a.b', 'a b', '*', '>', 'me@example.org'])('a key %j is a defect of the caller', (key) => {
    expect(() => subjectOf('evt', { context: 'runtime', entity: 'loop', key })).toThrow(RangeError);
  });

  it('name the hub by default', () => {
    expect(HUB).toBe('hub');
  });
});
