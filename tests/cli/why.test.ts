/** `soloist why`: what people and scripts get to see of an answer. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeInstance } from './fake-instance.js';

const COMMIT = 'c'.repeat(32);
const evidence = { commit: COMMIT, stream: 3, sequence: 17, at: '2026-01-02T03:04:05.000Z', event: 'connectors.intake.input-received' };
const LINES = [
  { step: 'trigger', standing: 'recorded', text: 'A mail from Jana\u001b[2J came in: rates?', hasErased: false, details: [{ name: 'message id', value: '<m@acme.example>' }], evidence },
  { step: 'verdict', standing: 'recorded', text: 'The policy asked for a decision.', hasErased: false, details: [{ name: 'rule', value: 'new-recipient' }, { name: 'fact reach', value: '1' }, { name: 'fact asked', value: 'unasked' }], evidence },
  { step: 'decision', standing: 'open', text: 'Nobody has decided yet.', hasErased: false, details: [], evidence: null },
];
const WHY = { id: '<e1@soloist.local>', kind: 'sent-mail', found: 'the receipt names it', runId: 'abc', effectId: 'abc-e1', isWhole: true, lines: LINES };
const PATH = `GET /v1/why/${encodeURIComponent('<e1@soloist.local>')}`;

let instance: FakeInstance;
beforeEach(async () => {
  instance = await FakeInstance.start();
});
afterEach(() => instance.stop());

it('shows each link with its commit and its place on the log, and steers no terminal', async () => {
  instance.answers = { [PATH]: { body: WHY } };
  const { code, stdout, stderr } = await instance.cli(['why', '<e1@soloist.local>']);
  expect(code).toBe(0);
  expect(stdout.match(new RegExp(`commit ${COMMIT} at EVENTS-3:17`, 'g'))).toHaveLength(2);
  expect(stdout).toContain('judged on: reach 1; asked unasked');
  expect(stdout).toContain('not yet: Nobody has decided yet.');
  expect(stdout).not.toContain('\u001b');
  expect(stderr).toContain('./soloist log verify');
});

it('passes the whole answer on with --json', async () => {
  instance.answers = { [PATH]: { body: WHY } };
  const { code, stdout, stderr } = await instance.cli(['why', '<e1@soloist.local>', '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({ type: 'why', ...WHY });
});

it('says that a link is missing, and ends with 1', async () => {
  const gap = { step: 'authorization', standing: 'missing', text: 'No authorization is on record.', hasErased: false, details: [], evidence: null };
  instance.answers = { [PATH]: { body: { ...WHY, isWhole: false, lines: [...LINES, gap] } } };
  const { code, stdout, stderr } = await instance.cli(['why', '<e1@soloist.local>']);
  expect(code).toBe(1);
  expect(stdout).toContain('MISSING: No authorization is on record.');
  expect(stderr).toContain('1 link is missing or does not fit');
});

it('an id that is not on record is exit code 3', async () => {
  instance.answers = { 'GET /v1/why/nothing': { status: 404, body: { error: { code: 'why.unknown', message: 'Nothing is on record about nothing.', next: 'GET /v1/runs' } } } };
  const { code, stderr } = await instance.cli(['why', 'nothing']);
  expect(code).toBe(3);
  expect(stderr).toContain('EVENTS-STREAM:SEQUENCE');
});
