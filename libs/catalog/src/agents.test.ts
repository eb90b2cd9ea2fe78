import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CatalogError, type CatalogProblem } from './catalog-error.js';
import { AGENTS_FOLDER } from './folders.js';
import { loadAgents } from './agents.js';

const GOOD = `name: a-desk
purpose: Answers.
instructions: Be kind.
model:
  alias: default
  maxOutputTokens: 100
budget:
  perRunMicros: 1000
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soloist-catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function problems(): readonly CatalogProblem[] {
  try {
    loadAgents(folder);
  } catch (error) {
    expect(error).toBeInstanceOf(CatalogError);
    return (error as CatalogError).problems;
  }
  throw new Error('the catalog was loaded although it is wrong');
}

describe('agents as data', () => {
  it('[D2] reads a definition with its defaults and a version of 16 hex digits', () => {
    const file = write('a.yaml', GOOD);
    const [agent] = loadAgents(folder);
    expect(agent).toMatchObject({ name: 'a-desk', origin: file, definition: { actions: [], memory: { recallLimit: 8 }, limits: { maxSteps: 12 } } });
    expect(agent?.version).toMatch(/^[0-9a-f]{16}$/);
  });

  it('gives the same version whatever the layout, another one for any other meaning', () => {
    write('a.yaml', GOOD);
    const before = loadAgents(folder)[0]?.version;
    write('a.yaml', `# a comment\nbudget: { perRunMicros: 1000, currency: USD }\n${GOOD.replace(/budget:[\s\S]*/, '')}actions: []\n`);
    expect(loadAgents(folder)[0]?.version).toBe(before);
    write('a.yaml', GOOD.replace('Be kind.', 'Be kind!'));
    expect(loadAgents(folder)[0]?.version).not.toBe(before);
  });

  it('sorts by name and reads every file of the folder', () => {
    write('1.yaml', GOOD.replace('a-desk', 'z-desk'));
    write('2.yml', GOOD);
    write('notes.txt', 'not an agent');
    expect(loadAgents(folder).map((agent) => agent.name)).toEqual(['a-desk', 'z-desk']);
  });

  it('loads what is shipped', () => {
    const shipped = loadAgents();
    expect(shipped.map((agent) => agent.name)).toContain('client-desk');
    expect(readFileSync(join(AGENTS_FOLDER, 'client-desk.yaml'), 'utf8')).toContain('$schema=../schemas/agent.schema.json');
  });
});

describe('what a wrong definition is told', () => {
  const cases: readonly [string, string, Omit<CatalogProblem, 'file'>][] = [
    ['an unknown field', `${GOOD}colour: red\n`, { line: 9, column: 1, path: 'colour', reason: 'unknown field', next: 'remove it, or correct its spelling' }],
    ['an unknown field inside', GOOD.replace('  alias:', '  nick: x\n  alias:'), { line: 5, column: 3, path: 'model.nick', reason: 'unknown field', next: 'remove it, or correct its spelling' }],
    ['a missing field', GOOD.replace('purpose: Answers.\n', ''), { line: 1, column: 1, path: 'purpose', reason: 'is missing', next: 'add it (string)' }],
    ['a missing field inside', GOOD.replace('  maxOutputTokens: 100\n', ''), { line: 5, column: 3, path: 'model.maxOutputTokens', reason: 'is missing', next: 'add it (number)' }],
    [
      'a wrong type',
      GOOD.replace('100', 'many'),
      { line: 6, column: 20, path: 'model.maxOutputTokens', reason: 'Invalid input: expected number, received string', next: 'write a value of type number' },
    ],
    ['a list entry of the wrong form', `${GOOD}actions:\n  - mail.send\n  - Mail Send\n`, { line: 11, column: 5, path: 'actions[1]', reason: expect.stringContaining('pattern') as string, next: expect.stringContaining('schemas') as string }],
    ['a number out of range', GOOD.replace('100', '0'), { line: 6, column: 20, path: 'model.maxOutputTokens', reason: expect.stringContaining('>=1') as string, next: 'use at least 1' }],
    ['a tab', GOOD.replace('  alias', '\talias'), { line: 5, column: expect.any(Number) as number, path: '', reason: expect.stringMatching(/tab/i) as string, next: 'indent with spaces' }],
    ['broken YAML', GOOD.replace('Answers.', '"Answers'), { line: expect.any(Number) as number, column: expect.any(Number) as number, path: '', reason: expect.stringMatching(/quote/) as string, next: 'correct the YAML here' }],
    ['a doubled key', `${GOOD}purpose: Again.\n`, { line: 9, column: 1, path: '', reason: expect.stringContaining('unique') as string, next: 'keep one of the two' }],
    ['an alias', GOOD.replace('name: a-desk', 'name: &n a-desk').replace('Answers.', '*n'), { line: 2, column: 10, path: '', reason: 'the alias *n is not allowed', next: 'write the value out' }],
    ['a second document', `${GOOD}---\n${GOOD}`, { line: 9, column: 1, path: '', reason: expect.stringContaining('multiple documents') as string, next: 'put each document into a file of its own' }],
    ['an empty file', '', { line: 1, column: 1, path: '', reason: expect.stringContaining('expected object') as string, next: expect.any(String) as string }],
    ['deep nesting', '['.repeat(60_000), { line: 1, column: expect.any(Number) as number, path: '', reason: expect.any(String) as string, next: expect.any(String) as string }],
  ];
  it.each(cases)('%s', (_name, text, expected) => {
    const file = write('bad.yaml', text);
    const [first] = problems();
    expect(first).toEqual({ file, ...expected });
  });

  it('bombs of aliases end before they grow', () => {
    const bomb = ['a0: &a0 [x, x]', ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}, *a${n}]`)].join('\n');
    write('bomb.yaml', bomb);
    expect(problems()[0]).toMatchObject({ line: 2, reason: 'the alias *a0 is not allowed' });
  });

  it('a file that is too large is not read', () => {
    write('big.yaml', `${GOOD}# ${'x'.repeat(70_000)}\n`);
    expect(problems()[0]?.reason).toMatch(/at most 65536/);
  });

  it('bytes that are no UTF-8', () => {
    write('latin.yaml', Uint8Array.from([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9]));
    expect(problems()[0]).toMatchObject({ reason: 'is not UTF-8', next: 'save it as UTF-8' });
  });

  it('a name taken twice names both files', () => {
    const first = write('1.yaml', GOOD);
    const second = write('2.yaml', `# second\n${GOOD}`);
    expect(problems()).toEqual([
      { file: second, line: 2, column: 7, path: 'name', reason: `the name a-desk is already taken by ${first}`, next: 'give this agent another name' },
    ]);
  });

  it('tells the problems of all files at once, as file:line:column', () => {
    write('1.yaml', `${GOOD}x: 1\n`);
    write('2.yaml', `${GOOD}y: 1\n`);
    expect(() => loadAgents(folder)).toThrow(/1\.yaml:9:1: x: unknown field → remove it.*\n.*2\.yaml:9:1: y: unknown field/);
  });

  it('a folder that is not there', () => {
    expect(() => loadAgents(join(folder, 'nowhere'))).toThrow(/nowhere:1:1: document: the folder cannot be read \(ENOENT\) → create it/);
  });
});
