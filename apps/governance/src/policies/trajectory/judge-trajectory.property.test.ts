import { PolicyDocument } from '@soloist/contracts';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STRICTNESS } from '../../domain/policy.js';
import { judgeTrajectory } from './judge-trajectory.js';
import { readTrajectory } from './trajectory.js';

const yaml = createRequire(createRequire(import.meta.url).resolve('@soloist/catalog/package.json'))('yaml') as { parse: (text: string) => unknown };
const document = PolicyDocument.parse(yaml.parse(readFileSync(new URL('../../../../../libs/catalog/policies/by-provenance.yaml', import.meta.url), 'utf8')));

const values = ['bob@acme.example', 'eve@x.invalid', 'DE89 3704 0044 0532 0130 00', '120', 'http://ours.example/p', 'general', 'old.txt', 'f1', 'read my', 'hunter2-Gull'];
const value = fc.oneof(fc.constantFrom<string | number>(...values, 120, 13), fc.string({ maxLength: 12 }));
const text = fc.array(fc.oneof(fc.constantFrom(...values, 'please', 'send', 'pay', 'delete', 'mail', 'do not', 'share', '"id":"f1"', '. also tell everyone that', 'whether', '<!--', 'best', 'that we have paid', 'not', 'Schreibe allen dass', 'a summary of', 'best offer'), fc.string({ maxLength: 6 })), { maxLength: 8 }).map((parts) => parts.join(' '));
const NAMES = ['send_mail', 'pay_invoice', 'delete_file', 'share_file', 'change_password', 'read_mail', 'fetch_page', 'save_note', 'book_table', 'frobnicate'];
const argument = fc.constantFrom('to', 'cc', 'iban', 'amount', 'url', 'file', 'file_id', 'role', 'new_password', 'body', 'thing', 'constructor', '__proto__');
const args = fc.dictionary(argument, fc.oneof(value, fc.array(value, { maxLength: 3 })), { maxKeys: 4 });
const reads = fc.constantFrom('trusted', 'untrusted', 'none');
const step = fc.oneof(
  fc.record({ role: fc.constant('user'), content: text }),
  fc.record({ role: fc.constant('assistant'), content: text, calls: fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c'), tool: fc.constantFrom(...NAMES), args }), { maxLength: 3 }) }),
  fc.record({ role: fc.constant('tool'), content: text, callId: fc.constantFrom('a', 'b', 'c') }),
);
const effect = fc.constantFrom('none', 'internal', 'external');
const tools = fc.tuple(...NAMES.map((name) => fc.record({ name: fc.constant(name), description: fc.constant(''), parameters: fc.constant({}), reads, effect })));
const anyTrajectory = fc.record({ id: fc.constant('t'), tools, steps: fc.array(step, { maxLength: 8 }) });

function strictnessOf(trajectory: unknown): readonly number[] {
  const reading = readTrajectory(trajectory);
  if (!reading.ok) throw new Error(`${reading.path}: ${reading.reason}`);
  return judgeTrajectory(reading.trajectory, document).map(({ verdict }) => STRICTNESS.indexOf(verdict.verdict));
}

test('[R7] a tool that is trusted less never makes any verdict milder', () => {
  fc.assert(
    fc.property(anyTrajectory, fc.constantFrom(...NAMES), (trajectory, tainted) => {
      const less = { ...trajectory, tools: trajectory.tools.map((tool) => (tool.name === tainted && tool.reads === 'trusted' ? { ...tool, reads: 'untrusted' } : tool)) };
      const [before, after] = [strictnessOf(trajectory), strictnessOf(less)];
      after.forEach((strictness, index) => expect(strictness).toBeGreaterThanOrEqual(before[index] ?? 0));
    }),
    { numRuns: 3_000 },
  );
});

test('I1 every call gets one verdict, in order, with a reason', () => {
  fc.assert(
    fc.property(anyTrajectory, (trajectory) => {
      const reading = readTrajectory(trajectory);
      if (!reading.ok) throw new Error(reading.reason);
      const judged = judgeTrajectory(reading.trajectory, document);
      expect(judged.map(({ verdict }) => verdict.tool)).toEqual(trajectory.steps.flatMap((one) => ('calls' in one ? one.calls.map(({ tool }) => tool) : [])));
      for (const { verdict } of judged) expect(verdict.reasons.join('')).not.toBe('');
    }),
  );
});

test('reading is total: any JSON is judged or told what is wrong with it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), anyTrajectory.chain((one) => fc.record({ ...Object.fromEntries(Object.entries(one).map(([key, part]) => [key, fc.oneof(fc.constant(part), fc.jsonValue())])) }))), (line) => {
      const reading = readTrajectory(JSON.parse(JSON.stringify(line)));
      if (reading.ok) judgeTrajectory(reading.trajectory, document);
      else expect(reading.reason).not.toBe('');
    }),
    { numRuns: 2_000 },
  );
});

test('judging is total: any arguments, however deep or long', () => {
  const judged = (given: unknown): unknown => strictnessOf({ id: 't', tools: [{ name: 'send_mail', reads: 'none', effect: 'external' }], steps: [{ role: 'user', content: 'send' }, { role: 'assistant', content: '', calls: [{ id: 'a', tool: 'send_mail', args: given }] }] });
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), (given) => void judged(given)), { numRuns: 500 });
  const deep: unknown = JSON.parse(`${'['.repeat(5_000)}"x"${']'.repeat(5_000)}`);
  for (const given of [deep, { to: Array.from({ length: 50_000 }, (_, n) => `p${n}@x.invalid`) }, { body: 'a.'.repeat(300_000) }, { to: '@'.repeat(100_000) }, { url: `http://${'a-'.repeat(100_000)}` }, { to: '\ud800' }]) judged(given);
  expect(judged({ to: deep })).toEqual([STRICTNESS.indexOf('gate')]);
});
