import type { Json } from '@soloist/kernel';
import { expect, test } from 'vitest';
import { isNamedRead } from './reads.js';
import { noSources } from './sources.js';

function isNamed(words: string, tool: string, args: Json, before: readonly (readonly [text: string, isNamed: boolean])[] = []): boolean {
  const sources = noSources();
  sources.operator.add(words);
  for (const [text, named] of before) sources.untrusted.add(text, () => named);
  sources.untrusted.passages.isBeside('x');
  return isNamedRead({ tool, args }, sources);
}

test.each<readonly [string, string, string, Json, boolean]>([
  ['its address', 'Send Ann a summary of news.example/oak', 'fetch_page', { url: 'https://www.news.example/oak' }, true],
  ['its subject', 'Forward the mail about the roof', 'search_everything', { query: 'roof' }, true],
  ['its number', 'Sum up ticket 412 for Ann', 'lookup', { number: 412 }, true],
  ['its day', 'Send Ann what I do on June 7', 'lookup', { day: '2026-06-07' }, true],
  ['its kind, in another word', 'Post a digest of my mails', 'read_inbox', {}, true],
  ['nothing', 'Send Ann a summary of news.example', 'read_inbox', {}, false],
  ['another address', 'Send Ann a summary of news.example', 'lookup', { url: 'https://other.invalid/a' }, false],
])('the operator names %s', (_what, words, tool, args, expected) => {
  expect(isNamed(words, tool, args)).toBe(expected);
});

test('I1 what a named text leads to is named; what another leads to is not', () => {
  expect(isNamed('Find a plumber and tell Ann', 'lookup', { url: 'pipes.example/7' }, [['See pipes.example/7', true]])).toBe(true);
  expect(isNamed('Find a plumber and tell Ann', 'lookup', { url: 'pipes.example/7' }, [['See pipes.example/7', false]])).toBe(false);
});
