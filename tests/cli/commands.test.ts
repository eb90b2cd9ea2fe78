/** What the command line makes of the API's answers: output, exit codes, error form (docs: ECOSYSTEM section 3). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeInstance, runCli, TOKEN, type Told } from './fake-instance.js';

const DIGEST = 'd'.repeat(64);
const RUN = {
  runId: 'abc123',
  inputId: 'in1',
  agent: 'client-desk',
  state: 'waiting for gate',
  waitingFor: 'abc123-g1',
  openGates: ['abc123-g1'],
  spentMicros: 1500,
  envelopeMicros: 200_000,
  currency: 'USD',
  outcome: null,
  startedAt: '2026-01-02T03:04:05.000Z',
  updatedAt: '2026-01-02T03:04:06.000Z',
};
const CARD = {
  gateId: 'abc123-g1',
  runId: 'abc123',
  agent: 'client-desk',
  kind: 'outward-effect',
  state: 'open',
  action: 'mail.send',
  args: { to: ['jana@acme.example'], subject: 'Re: rates', text: 'The rate is 95 EUR.\u001b[2J', hidden: 'also sent' },
  to: ['jana@acme.example'],
  effectClass: 'check-first',
  why: ['Mail cannot be taken back.'],
  sources: [{ text: 'The hourly rate is 95 EUR.', trust: 'third-party-text', score: 4.5 }],
  costMicros: 1500,
  currency: 'USD',
  digest: DIGEST,
  openedAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2026-01-05T03:04:05.000Z',
  undo: 'A mail cannot be called back.',
  what: 'Send a mail to jana@acme.example',
  badges: [{ text: 'first mail to this address', isWarning: true }],
  trigger: { from: 'jana@acme.example', subject: 'rates?', receivedAt: '2026-01-02T03:04:00.000Z' },
  agentSays: 'I answer with the agreed rate.',
  attachments: [],
  sentences: [{ text: 'The rate is 95 EUR.\u001b[2J', sources: [1], isUnsupported: false, isWithoutReceipt: false }],
  confidence: { decisions: 3, approvedUnchanged: 3, share: null },
  edit: null,
  snoozedUntil: null,
};
const OUTCOME = { gateId: 'abc123-g1', state: 'approved', decidedBy: { by: 'operator', surface: 'cli' }, alreadyDecided: false, authorized: true };
const gone = (code: string) => ({ status: 409, body: { error: { code, message: 'not this one', next: 'GET /v1/gates' } } });

let instance: FakeInstance;
beforeEach(async () => {
  instance = await FakeInstance.start();
});
afterEach(() => instance.stop());

function documents(told: Told): readonly Record<string, unknown>[] {
  return told.stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}

const NOBODY_ASKS = { 'GET /v1/budget/asks': { body: { asks: [] } } };

describe('lists', () => {
  it('print one record a line with tabs when piped, and nothing else on standard output', async () => {
    instance.answers = { 'GET /v1/runs?limit=50': { body: { runs: [RUN, { ...RUN, runId: 'def', state: 'done' }] } } };
    const told = await instance.cli(['run', 'list']);
    expect(told).toMatchObject({ code: 0, stdout: 'abc123\tclient-desk\twaiting for gate\t0.0015 USD\t2026-01-02T03:04:05.000Z\ndef\tclient-desk\tdone\t0.0015 USD\t2026-01-02T03:04:05.000Z\n' });
  });

  it('are one JSON document with --json, wherever the flag stands', async () => {
    instance.answers = { 'GET /v1/gates?state=open': { body: { gates: [] } }, ...NOBODY_ASKS };
    const told = await instance.cli(['gate', 'list', '--json']);
    expect(documents(told)).toEqual([{ type: 'gate.list', gates: [], asks: [] }]);
    expect(told.stderr).toBe('');
    expect((await instance.cli(['--json', 'gate', 'list'])).stdout).toBe(told.stdout);
  });

  it('an empty list is an empty result, with the advice beside it', async () => {
    instance.answers = { 'GET /v1/gates?state=open': { body: { gates: [] } }, ...NOBODY_ASKS };
    expect(await instance.cli(['gate', 'list'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('nothing waits') as string });
  });

  it('tells of runs that ask for money among what waits for a decision [V3]', async () => {
    const line = { line: 'company/day/money', period: '2026-01-02', name: '', limit: 1_000_000, committed: 900_000, needed: 100_000 };
    instance.answers = { 'GET /v1/gates?state=open': { body: { gates: [] } }, 'GET /v1/budget/asks': { body: { asks: [{ runId: 'abc123', agent: 'client-desk', currency: 'USD', lines: [line] }] } } };
    const { code, stderr } = await instance.cli(['gate', 'list']);
    expect(code).toBe(0);
    expect(stderr).toMatch(/client-desk asks for money: 0\.1\d* USD on company\/day\/money.*budget extend abc123/);
    expect(stderr).not.toContain('nothing waits');
  });

  it('pass state and limit on, and refuse nonsense by the name of the flag', async () => {
    instance.answers = { 'GET /v1/runs?limit=3&state=done': { body: { runs: [] } } };
    expect((await instance.cli(['run', 'list', '--state', 'done', '--limit', '3'])).code).toBe(0);
    expect(await instance.cli(['run', 'list', '--limit', 'many'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--limit') as string });
    expect(await instance.cli(['gate', 'list', '--state', 'shut'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--state') as string });
  });
});

describe('a gate', () => {
  beforeEach(() => {
    instance.answers = { 'GET /v1/gates/abc123-g1': { body: CARD }, 'POST /v1/gates/abc123-g1/decision': { body: OUTCOME } };
  });

  it('shows all that would be sent, also what it has no line for, and no control characters', async () => {
    const { stdout } = await instance.cli(['gate', 'show', 'abc123-g1']);
    for (const part of ['jana@acme.example', 'Re: rates', 'The rate is 95 EUR.', 'also sent', 'Mail cannot be taken back.', 'The hourly rate is 95 EUR.', DIGEST, 'cannot be called back']) expect(stdout).toContain(part);
    expect(stdout).not.toContain('\u001b');
  });

  it('shows whatever a recipient, a subject or an attachment is besides what its line says', async () => {
    const args = { to: [{ name: 'REFUND', address: 'jana@acme.example' }], subject: { hidden: 'SUBJECT' }, attachments: { url: 'https://evil.example' }, text: 'x', cc: ['copy@acme.example'] };
    instance.answers = { 'GET /v1/gates/abc123-g1': { body: { ...CARD, args } } };
    const { stdout } = await instance.cli(['gate', 'show', 'abc123-g1']);
    for (const part of ['REFUND', 'SUBJECT', 'https://evil.example', 'copy@acme.example']) expect(stdout).toContain(part);
  });

  it('is approved with the digest of the card that was read and shown', async () => {
    const told = await instance.cli(['gate', 'approve', 'abc123-g1']);
    expect(told).toMatchObject({ code: 0, stdout: 'abc123-g1  approved\n' });
    expect(told.stderr).toContain(DIGEST);
    expect(instance.asked.at(-1)).toMatchObject({ method: 'POST', body: { decision: 'approve', digest: DIGEST, reason: null, surface: 'cli' } });
  });

  it('a digest that is given is sent as it is, and no card is read instead', async () => {
    const other = 'e'.repeat(64);
    await instance.cli(['gate', 'reject', 'abc123-g1', '--digest', other, '--reason', 'too early']);
    expect(instance.asked).toHaveLength(1);
    expect(instance.asked[0]).toMatchObject({ body: { decision: 'reject', digest: other, reason: 'too early', surface: 'cli' } });
  });

  it('another digest is a conflict: exit code 5 and a command that helps', async () => {
    instance.answers = { ...instance.answers, 'POST /v1/gates/abc123-g1/decision': gone('gate.digest-mismatch') };
    expect(await instance.cli(['gate', 'approve', 'abc123-g1', '--digest', DIGEST])).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('./soloist gate show') as string });
  });

  it('a gate that was closed the other way before is a conflict too, and the repeat of the same decision is not', async () => {
    instance.answers = { ...instance.answers, 'POST /v1/gates/abc123-g1/decision': { body: { ...OUTCOME, alreadyDecided: true } } };
    expect((await instance.cli(['gate', 'reject', 'abc123-g1'])).code).toBe(5);
    expect((await instance.cli(['gate', 'approve', 'abc123-g1'])).code).toBe(0);
  });

  it('a decision whose outcome is not on record yet is exit code 8, not a success', async () => {
    instance.answers = { ...instance.answers, 'POST /v1/gates/abc123-g1/decision': { status: 202, body: { ...OUTCOME, state: 'open', authorized: false } } };
    expect((await instance.cli(['gate', 'approve', 'abc123-g1'])).code).toBe(8);
  });

  it('no flag answers gates by themselves', async () => {
    expect((await instance.cli(['gate', 'approve', 'abc123-g1', '--yes'])).code).toBe(2);
    expect((await instance.cli(['gate', 'approve', '--yes'])).code).toBe(2);
    expect(instance.asked).toEqual([]);
  });

  it('a digest that is none is refused before anything is asked', async () => {
    expect(await instance.cli(['gate', 'approve', 'abc123-g1', '--digest', 'short'])).toMatchObject({ code: 2, stderr: expect.stringContaining('64') as string });
    expect(instance.asked).toEqual([]);
  });
});

describe('a run', () => {
  it('shows its events in order, names what waits, and skips snapshots', async () => {
    const commit = (id: string, ...events: { type: string; data: object }[]) => ({ id, at: '2026-01-02T03:04:05.000Z', subject: 's', actor: 'x', events });
    const commits = [
      commit('1', { type: 'orchestrator.request.routed', data: { route: { kind: 'agent', agent: 'client-desk' }, rule: 'client-question' } }),
      commit('2', { type: 'connectors.effect.snapshotted', data: {} }, { type: 'some.future.event', data: { x: 1 } }),
    ];
    instance.answers = { 'GET /v1/runs/abc123': { body: RUN }, 'GET /v1/runs/abc123/episode': { body: { runId: 'abc123', commits } } };
    const { stdout, stderr } = await instance.cli(['run', 'show', 'abc123']);
    expect(stdout).toMatch(/request\.routed\s+to agent client-desk by rule client-question\n.*some\.future\.event\n$/);
    expect(stdout).not.toContain('snapshotted');
    expect(stderr).toContain('./soloist gate show abc123-g1');
  });

  it.each([
    ['cancelled', 0, 'abc123  cancelled'],
    ['done', 5, 'abc123  done'],
    [null, 8, 'abc123  not ended yet'],
  ])('one that is cancelled and ends as %s is exit code %i', async (outcome, code, line) => {
    instance.answers = { 'POST /v1/runs/abc123/cancel': { body: { runId: 'abc123', outcome } } };
    const told = await instance.cli(['run', 'cancel', 'abc123', '--reason', 'stuck']);
    expect([told.code, told.stdout.trim()]).toEqual([code, line]);
  });

  it('an unknown one is exit code 3', async () => {
    instance.answers = { 'GET /v1/runs/nope': { status: 404, body: { error: { code: 'run.unknown', message: 'There is no run nope.', next: 'GET /v1/runs' } } } };
    const told = await instance.cli(['run', 'show', 'nope', '--json']);
    expect(told.code).toBe(3);
    expect(documents(told)).toEqual([{ type: 'error', code: 'run.unknown', message: 'There is no run nope.', next: './soloist run list' }]);
  });
});

describe('failures', () => {
  it.each([
    [401, 4],
    [403, 4],
    [422, 6],
    [500, 1],
    [503, 1],
  ])('status %i becomes exit code %i', async (status, code) => {
    instance.answers = { 'GET /v1/agents': { status, body: { error: { code: 'some.code', message: 'said so', next: 'do this' } } } };
    expect(await instance.cli(['agent', 'list'])).toMatchObject({ code, stdout: '', stderr: 'error some.code: said so\n  next: do this\n' });
  });

  it('an answer that is no JSON is an error, not a stack trace', async () => {
    instance.answers = { 'GET /v1/agents': { body: '<html>' } };
    const told = await instance.cli(['agent', 'list']);
    expect(told).toMatchObject({ code: 1, stdout: '' });
    expect(told.stderr).not.toMatch(/\n\s+at /);
  });

  it('the token is sent and shown nowhere', async () => {
    instance.answers = { 'GET /v1/agents': { status: 401, body: { error: { code: 'token.needed', message: 'A valid token is needed.', next: 'x' } } } };
    const told = await instance.cli(['agent', 'list', '--json']);
    expect(instance.asked[0]?.authorization).toBe(`Bearer ${TOKEN}`);
    expect(told.stdout + told.stderr).not.toContain(TOKEN);
  });

  it('a host that is not there is said with what to do, and status and doctor tell by exit code 9 and 0', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'soloist-none-'));
    const env = { SOLOIST_DATA_DIR: join(folder, 'data') };
    try {
      const [list, status, doctor, down] = await Promise.all([['run', 'list', '--json'], ['status', '--json'], ['doctor', 'lock', '--json'], ['down']].map((words) => runCli(words, { env })));
      expect(list?.code).toBe(1);
      expect(documents(list as Told)).toMatchObject([{ type: 'error', code: 'host.not-running', next: './soloist up' }]);
      expect(status?.code).toBe(9);
      expect(doctor?.code).toBe(0);
      expect(down).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing runs') as string });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('usage is exit code 2, as JSON with --json', async () => {
    const told = await runCli(['frobnicate', '--json']);
    expect(told.code).toBe(2);
    expect(documents(told)).toMatchObject([{ type: 'error', code: 'cli.usage' }]);
    expect((await runCli(['gate', 'show'])).code).toBe(2);
    expect((await runCli(['doctor', 'nonsense'])).code).toBe(2);
  });
});

describe('what needs no host', () => {
  it('the version is printed without loading the program', async () => {
    const told = await runCli(['--version']);
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('agent check names line, column, field and next step for each problem', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'soloist-agent-'));
    const file = join(folder, 'agent.yaml');
    try {
      await writeFile(file, 'name: Not A Name\npurpose: x\ninstructions: y\nmodel:\n  alias: default\n  maxOutputTokens: 0\nbudget:\n  perRunMicros: 1\n');
      const told = await runCli(['agent', 'check', file]);
      expect(told.code).toBe(1);
      expect(told.stdout).toMatch(/agent\.yaml:1:\d+: name: .* → /);
      expect(told.stdout).toMatch(/agent\.yaml:6:\d+: model\.maxOutputTokens: .* → /);
      await writeFile(file, 'name: fine\npurpose: x\ninstructions: y\nmodel:\n  alias: default\n  maxOutputTokens: 10\nbudget:\n  perRunMicros: 1\n');
      expect(await runCli(['agent', 'check', file])).toMatchObject({ code: 0, stdout: expect.stringMatching(/fine@[0-9a-f]{16} is valid/) as string });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('colours appear only when they are wanted', async () => {
    const colour = /\u001b\[/;
    expect((await runCli(['doctor', 'node'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } })).stdout).not.toMatch(colour);
    expect((await runCli(['run', 'list'], { env: { FORCE_COLOR: '1', SOLOIST_DATA_DIR: '/nonexistent/soloist' } })).stderr).toMatch(colour);
    expect((await runCli(['run', 'list'], { env: { SOLOIST_DATA_DIR: '/nonexistent/soloist' } })).stderr).not.toMatch(colour);
  });
});
