/** What the command line asks of the API for pins, and how it says what came back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FakeInstance } from './fake-instance.js';

let instance: FakeInstance;
beforeAll(async () => {
  instance = await FakeInstance.start();
});
afterAll(() => instance.stop());

const OLD = 'a'.repeat(16);
const NEW = 'b'.repeat(16);
const PINNED = { name: 'desk', version: OLD, latest: NEW, isPinned: true, isOnRecord: true };

test('[V13] [L2] an agent is pinned, unpinned, and pinned to the version of a run', async () => {
  instance.answers = {
    'POST /v1/agents/desk/pin': { body: PINNED },
    'POST /v1/agents/desk/unpin': { body: { ...PINNED, version: NEW, isPinned: false } },
    'GET /v1/runs/abc': { body: { runId: 'abc', agent: 'desk', program: null, definitionVersion: OLD } },
    'GET /v1/runs/def': { body: { runId: 'def', agent: null, program: {}, definitionVersion: null } },
  };
  const pinned = await instance.cli(['agent', 'pin', 'desk', OLD, '--because', 'rude']);
  expect([pinned.code, pinned.stdout, instance.asked.at(-1)?.body]).toEqual([0, `desk  ${OLD} pinned\n`, { version: OLD, because: 'rude' }]);
  const unpinned = await instance.cli(['agent', 'unpin', 'desk']);
  expect([unpinned.code, unpinned.stdout]).toEqual([0, `desk  ${NEW}\n`]);
  expect((await instance.cli(['run', 'pin', 'abc'])).code).toBe(0);
  expect(instance.asked.at(-1)?.body).toEqual({ version: OLD, because: 'As in run abc.' });
  expect((await instance.cli(['run', 'pin', 'def'])).code).toBe(2);
});

test('[V13] a pin that somebody else has undone since is a conflict; a list says what is pinned, by whom and why', async () => {
  instance.answers = { 'POST /v1/agents/desk/pin': { body: { ...PINNED, version: NEW } } };
  expect((await instance.cli(['agent', 'pin', 'desk', OLD])).code).toBe(5);
  instance.answers = { 'GET /v1/agents': { body: { agents: [{ name: 'desk', version: OLD, latest: NEW, pin: { by: 'operator', because: 'rude', at: 't' }, purpose: 'p', model: 'm', actions: [], perRunMicros: 1, currency: 'USD' }] } } };
  const { stdout, stderr } = await instance.cli(['agent', 'list']);
  expect(stdout).toContain(`desk\t${OLD} pinned\t`);
  expect(stderr).toContain(`desk is pinned to ${OLD} by operator (rude); the latest is ${NEW}`);
});
