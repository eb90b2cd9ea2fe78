/** The first light of an installation, from outside: what README promises, typed as a newcomer types it. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Installation, ROOT, type GateCard } from '../installation/installation.js';
import { projectionChecksums } from '../installation/projection-checksums.js';

interface Json {
  readonly [key: string]: unknown;
}

function lastLine(output: string): Json {
  return JSON.parse(output.trim().split('\n').at(-1) ?? 'null') as Json;
}

describe('demo', () => {
  it('ends with one mail sent once and a replay without effects, on loopback only [X2] [X3]', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'soloist-demo-'));
    try {
      // A network namespace of its own has loopback and nothing else: whatever tried to get out would fail.
      const script = `ip link set lo up 2>/dev/null || ifconfig lo up; exec "${join(ROOT, 'soloist')}" demo --yes --json`;
      const output = execFileSync('unshare', ['-n', 'sh', '-c', script], {
        env: { ...process.env, SOLOIST_DATA_DIR: dataDir, OPENAI_API_KEY: '' },
        encoding: 'utf8',
        timeout: 150_000,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      expect(lastLine(output)).toMatchObject({ type: 'demo.finished', mailsSent: 1, gates: 1, replayedEffects: 0 });
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }, 180_000);
});

describe('one company, one process', () => {
  let company: Installation;
  const spent: string[] = [];

  beforeAll(async () => {
    company = await Installation.start();
    await company.mail({ subject: 'Agreement for your records', text: 'Hello, as agreed our hourly rate is 95 EUR and invoices are due net 14 days. Regards, Ada' });
  }, 120_000);
  afterAll(() => company.stop(), 60_000);

  async function askedAbout(token: string): Promise<GateCard> {
    await company.mail({ subject: `Question about the rate ${token}`, text: `Hi, what is the hourly rate we agreed on? ${token}` });
    return eventually(`the gate of ${token}`, async () => {
      for (const gate of await company.gates()) {
        const card = (await company.api(`/v1/gates/${gate.gateId}`)).body as GateCard;
        if (JSON.stringify(card).includes(token)) return card;
      }
      return null;
    });
  }
  const closed = (runId: string): Promise<unknown> => eventually(`the end of ${runId}`, async () => (await company.run(runId)).state === 'done');
  const mailsAbout = async (token: string): Promise<number> => (await company.outside()).filter((mail) => mail.includes(token)).length;

  it('sends nothing before the operator says so, then once, however often they say so [V6] [V10] [G12]', async () => {
    const gate = await askedAbout('alpha-1');
    expect(await mailsAbout('alpha-1')).toBe(0);
    const answers = [await company.cli(['gate', 'approve', gate.gateId, '--json']), await company.cli(['gate', 'approve', gate.gateId, '--json'])];
    expect(answers.map((answer) => answer.code)).toEqual([0, 0]);
    expect(lastLine(answers[1]?.stdout ?? '')).toMatchObject({ alreadyDecided: true });
    await closed(gate.runId);
    expect(await mailsAbout('alpha-1')).toBe(1);
    spent.push(gate.runId);
  }, 90_000);

  it('is approved by the HTTP API as well; a digest that was not shown is refused [V6]', async () => {
    const gate = await askedAbout('beta-2');
    const wrong = await company.decide({ ...gate, digest: '0'.repeat(64) }, 'approve');
    expect(wrong.status).toBe(409);
    expect(JSON.stringify(wrong.body)).toContain('gate.digest-mismatch');
    expect(await mailsAbout('beta-2')).toBe(0);
    expect((await company.decide(gate, 'approve')).status).toBe(200);
    await closed(gate.runId);
    const again = await company.decide(gate, 'reject');
    expect(again).toMatchObject({ status: 200, body: { alreadyDecided: true } });
    expect(await mailsAbout('beta-2')).toBe(1);
    spent.push(gate.runId);
  }, 90_000);

  it('quotes what it recalled, and labels the rehearsal model [V11] [X2]', async () => {
    const mail = (await company.outside()).find((one) => one.includes('alpha-1')) ?? '';
    expect(mail).toContain('95 EUR');
    expect(mail.toLowerCase()).toContain('rehearsal');
  });

  it('sends nothing that was rejected', async () => {
    const gate = await askedAbout('gamma-3');
    expect((await company.decide(gate, 'reject')).status).toBe(200);
    await eventually(`the end of ${gate.runId}`, async () => ['done', 'refused', 'failed'].includes((await company.run(gate.runId)).state));
    expect(await mailsAbout('gamma-3')).toBe(0);
  }, 90_000);

  it('replays every run with equal decisions and no effects [M4] [K11] [F6] [G13]', async () => {
    expect(spent).toHaveLength(2);
    for (const runId of spent) {
      const before = (await company.outside()).length;
      const replay = await company.cli(['run', 'replay', runId, '--json']);
      expect(replay.code, replay.stdout + replay.stderr).toBe(0);
      const report = lastLine(replay.stdout) as { decisionsEqual: number; divergences: unknown[]; modelCalls: number; effects: number };
      expect(report.divergences).toEqual([]);
      expect(report.decisionsEqual).toBeGreaterThanOrEqual(10);
      expect([report.modelCalls, report.effects]).toEqual([0, 0]);
      expect((await company.outside()).length).toBe(before);
    }
  }, 90_000);

  it('refuses a wrong token and a second start on the same folder, and goes on [V6]', async () => {
    expect((await company.api('/v1/runs', { token: 'not-the-token-of-this-company' })).status).toBe(401);
    const second = await company.cli(['up', '--detach']);
    expect(second.code).not.toBe(0);
    expect(second.stderr).toContain('already');
    expect((await company.api('/v1/runs')).status).toBe(200);
  }, 60_000);

  it('rebuilds every projection equal after the database was thrown away [M6] [K1] [G15]', async () => {
    const before = await projectionChecksums(company);
    expect(before.length).toBeGreaterThanOrEqual(4);
    expect((await company.cli(['down'])).code).toBe(0);
    await rm(join(company.dataDir, 'pg'), { recursive: true });
    await company.up(false);
    await eventually('equal checksums', async () => JSON.stringify(await projectionChecksums(company)) === JSON.stringify(before));
    expect(await projectionChecksums(company)).toEqual(before);
  }, 120_000);
});
