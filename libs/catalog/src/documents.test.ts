import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCHEMAS_FOLDER } from './folders.js';
import { jsonSchemaTexts } from './json-schemas.js';
import { loadPolicy } from './policy.js';
import { loadRoutingRules, matchesPattern, type RoutingRule } from './routing-rules.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'soloist-catalog-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(text: string): string {
  const file = join(folder, 'file.yaml');
  writeFileSync(file, text);
  return file;
}

/** The first rule that fits, as routing-rules.ts (I1, I2) words it. */
function ruleFor(mail: { from: string; subject: string; text: string }): string {
  const { document } = loadRoutingRules();
  const fits = ({ when }: RoutingRule): boolean =>
    [
      [when.from, [mail.from]] as const,
      [when.subject, [mail.subject]] as const,
      [when.text, [mail.text]] as const,
      [when.subjectOrText, [mail.subject, mail.text]] as const,
    ].every(([patterns, fields]) => patterns === undefined || patterns.some((pattern) => fields.some((field) => matchesPattern(pattern, field))));
  return document.rules.find(fits)?.name ?? 'otherwise';
}

describe('routing rules', () => {
  it('ship, with inbox as the place for what no rule takes', () => {
    expect(loadRoutingRules().document.otherwise).toBe('inbox');
    expect(ruleFor({ from: 'a@b.example', subject: 'Hello', text: 'Nice to meet you.\n' })).toBe('otherwise');
  });

  it('place records, questions and newsletters', () => {
    const client = 'ada@client.example';
    expect(ruleFor({ from: client, subject: 'Our agreement', text: 'For your records: the hourly rate is 95 EUR. Did I forget something?\n' })).toBe('for-your-records');
    expect(ruleFor({ from: client, subject: 'Agreement', text: 'The hourly rate is 95 EUR.\n' })).toBe('agreements');
    expect(ruleFor({ from: client, subject: 'Re: agreement', text: 'What hourly rate did we agree on?\n' })).toBe('client-question');
    expect(ruleFor({ from: client, subject: 'News', text: 'Want more? Unsubscribe here.\n' })).toBe('newsletters');
    expect(ruleFor({ from: 'noreply@shop.example', subject: 'Ready?', text: 'Yes.' })).toBe('no-reply-senders');
  });

  it.each([
    ['rate', 'The Hourly RATE', true],
    ['*?', 'what?', true],
    ['*?', 'what? yes', false],
    ['no-reply@*', 'no-reply@x.example', true],
    ['no-reply@*', 'a-no-reply@x.example', false],
    ['a*a', 'a', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*', '', true],
    ['.*', 'text', false],
  ])('pattern %j on %j: %s', (pattern, field, expected) => {
    expect(matchesPattern(pattern, field)).toBe(expected);
  });

  it('name the place of what is wrong', () => {
    const bad = (text: string): string => {
      const file = write(text);
      try {
        loadRoutingRules(file);
      } catch (error) {
        return (error as Error).message.replaceAll(`${file}:`, '');
      }
      throw new Error('was loaded');
    };
    expect(bad('rules:\n  - name: a\n    when: {}\n    route: inbox\n    because: x\n')).toMatch(/^3:11: rules\[0\]\.when: names no condition/);
    expect(bad('rules:\n  - name: a\n    when: { from: x }\n    route: trash\n    because: x\n')).toMatch(/^4:12: rules\[0\]\.route: must be archive, inbox/);
    const rule = (name: string): string => `  - name: ${name}\n    when: { from: x }\n    route: inbox\n    because: x\n`;
    expect(bad(`rules:\n${rule('a')}${rule('a')}`)).toMatch(/^6:11: rules\[1\]\.name: a rule before has the name a too/);
  });
});

describe('the policy', () => {
  it('ships with a gate before every mail', () => {
    const { document, version } = loadPolicy();
    expect(document.actions.find((line) => line.action === 'mail.send')?.verdict).toBe('gate');
    expect(version).toMatch(/^[0-9a-f]{16}$/);
  });

  it('refuses two lines for one action', () => {
    const line = '  - { action: mail.send, verdict: allow, because: x }\n';
    const file = write(`name: p\nactions:\n${line}${line}gateExpiresAfterHours: 1\nauthorizationExpiresAfterMinutes: 1\n`);
    expect(() => loadPolicy(file)).toThrow(/:4:15: actions\[1\]\.action: a line before names mail\.send too → keep one line/);
  });
});

it('published JSON Schemas are those of the code (npm run schemas --workspace @soloist/catalog)', () => {
  const texts = jsonSchemaTexts();
  expect(texts.size).toBe(3);
  for (const [name, text] of texts) expect(readFileSync(join(SCHEMAS_FOLDER, name), 'utf8'), name).toBe(text);
});
