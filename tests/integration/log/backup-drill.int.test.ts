/**
 * The restore drill: run, back up, bring back in another folder, prove the log whole, read the projections anew, and see
 * that nothing that was done outside is done again.
 */
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, Installation, type CliResult } from '../../installation/installation.js';
import { projectionChecksums, type TableChecksum } from '../../installation/projection-checksums.js';

let folder: string;
let company: Installation;
let restored: Installation;
let backup: string;
let exported: string;
let third: Installation;
let rows: readonly TableChecksum[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soloist-drill-'));
  backup = join(folder, 'backup');
  exported = join(folder, 'log.jsonl');
  company = await Installation.start();
  restored = Installation.at(join(folder, 'restored'));
  third = Installation.at(join(folder, 'third'));
  await oneRun(company, 'first');
}, 180_000);

afterAll(async () => {
  await company.stop();
  await restored.cli(['down']);
  await third.cli(['down']);
  await rm(folder, { recursive: true, force: true });
}, 120_000);

async function oneRun(at: Installation, token: string): Promise<void> {
  await at.mail({ subject: `Question ${token}`, text: `Hello, what is your hourly rate for ${token}? Thank you, Ada` });
  const gate = await eventually(`the gate of ${token}`, async () => (await at.gates())[0]);
  await eventually(`the decision on ${token}`, async () => (await at.decide(gate, 'approve')).status === 200);
  await eventually(`the end of ${token}`, async () => (await at.run(gate.runId)).state === 'done');
}

const jsonOf = (result: CliResult): Record<string, unknown> => JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;

async function sameBytes(one: string, other: string): Promise<boolean> {
  return (await readFile(one)).equals(await readFile(other));
}

describe('a running log', () => {
  it('is proven whole, and again against what the first proof recorded [G22]', async () => {
    const first = await company.cli(['log', 'verify', '--json']);
    expect(jsonOf(first)).toMatchObject({ type: 'log.verified', isWhole: true, broken: 0 });
    expect(first.code).toBe(0);
    const again = await company.cli(['log', 'verify', '--json']);
    expect(jsonOf(again)).toMatchObject({ isWhole: true, fenced: 2 });
    // Eight anchors, eight heads of the first proof, and what was signed since the start.
    expect(jsonOf(again)['headsMet']).toBeGreaterThanOrEqual(16);
  });

  it('is exported as it is stored, and the file proven without the installation [G22]', async () => {
    expect((await company.cli(['log', 'export', exported, '--json'])).code).toBe(0);
    const elsewhere = Installation.at(join(folder, 'nothing-here'));
    const verified = await elsewhere.cli(['log', 'verify', '--file', exported, '--json']);
    expect(jsonOf(verified)).toMatchObject({ isWhole: true, signedBy: null });
    expect(verified.code).toBe(0);
    const signed = await elsewhere.cli(['log', 'verify', '--file', exported, '--key', join(company.dataDir, 'keep', 'log-signing.pub'), '--json']);
    expect(jsonOf(signed)).toMatchObject({ isWhole: true, signedBy: expect.stringMatching(/^[0-9a-f]{16}$/) });
    const content = await readFile(exported, 'utf8');
    expect(content).not.toContain('hourly rate');
    await writeFile(`${exported}.changed`, content.replace(/"headers"/, '"Headers"'));
    const broken = await elsewhere.cli(['log', 'verify', '--file', `${exported}.changed`]);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain('broken (');
  });

  it('is exported as CloudEvents', async () => {
    const file = join(folder, 'events.jsonl');
    const report = jsonOf(await company.cli(['log', 'export', file, '--cloudevents', '--json']));
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(report['events'] as number);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ specversion: '1.0' });
  });

  it('has no dead letters', async () => {
    expect(jsonOf(await company.cli(['dead', 'list', '--state', 'all', '--json']))).toEqual({ type: 'dead.list', letters: [], unreadable: 0 });
  });

  it('is not backed up while it runs', async () => {
    const refused = await company.cli(['backup', backup, '--json']);
    expect(refused.code).toBe(1);
    expect(jsonOf(refused)).toMatchObject({ code: 'host.already-running' });
  });
});

describe('a stopped installation', () => {
  it('is backed up in parts, each with the digests of its files [G27]', async () => {
    rows = await projectionChecksums(company);
    expect((await company.cli(['down'])).code).toBe(0);
    const taken = await company.cli(['backup', backup, '--json']);
    expect(taken.stderr).toBe('');
    expect(jsonOf(taken)).toMatchObject({ type: 'backup.taken' });
    expect((await readdir(backup)).sort()).toEqual(['keys', 'log', 'mailbox']);
    const log = await readdir(join(backup, 'log'), { recursive: true });
    const keys = await readdir(join(backup, 'keys'), { recursive: true });
    expect(log.filter((path) => /company|subjects|\.nk$|secrets/.test(path))).toEqual([]);
    expect(keys.some((path) => path.startsWith('keep/subjects/'))).toBe(true);
    expect(keys).not.toContain('keep/streams.json');
    expect((await stat(join(backup, 'keys'))).mode & 0o077).toBe(0);
  });

  it('is not written over another backup', async () => {
    expect(jsonOf(await company.cli(['backup', backup, '--json']))).toMatchObject({ code: 'backup.folder-unusable' });
  });

  it('is not restored over anything, nor from a backup that was changed [G27]', async () => {
    expect(jsonOf(await company.cli(['restore', backup, '--json']))).toMatchObject({ code: 'restore.folder-not-empty' });
    for (const [name, change] of Object.entries({
      longer: (at: string) => appendFile(join(at, 'log/keep/streams.json'), ' '),
      added: (at: string) => writeFile(join(at, 'keys/keep/more'), 'x'),
      missing: (at: string) => rm(join(at, 'keys/secrets/api-token')),
      unfinished: (at: string) => rm(join(at, 'mailbox/manifest.json')),
    })) {
      const at = join(folder, `changed-${name}`);
      await cp(backup, at, { recursive: true });
      await change(at);
      const refused = await restored.cli(['restore', at, '--json']);
      expect(jsonOf(refused), name).toMatchObject({ code: 'backup.damaged' });
      expect(await stat(restored.dataDir).catch(() => null), name).toBeNull();
    }
  });
});

describe('a restored installation', () => {
  it('stands whole in a new folder, as another incarnation [G27]', async () => {
    expect(jsonOf(await restored.cli(['restore', backup, '--json']))).toMatchObject({ type: 'backup.restored', incarnation: 2, hasOtherKeys: false });
    expect(await sameBytes(join(company.dataDir, 'keep/streams.json'), join(restored.dataDir, 'keep/streams.json'))).toBe(true);
    await restored.up(false);
    const verified = await restored.cli(['log', 'verify', '--json']);
    expect(jsonOf(verified)).toMatchObject({ isWhole: true });
    // Those of the backup, at its end and at its restart; how many came in between is a matter of time.
    expect((jsonOf(verified) as { headsMet: number }).headsMet).toBeGreaterThanOrEqual(16);
  }, 120_000);

  it('reads its projections anew from the log, equal to those before', async () => {
    expect(rows.length).toBeGreaterThan(4);
    const after = await projectionChecksums(restored);
    expect(after).toEqual(rows);
  });

  it('does nothing outside again, and goes on with what is new [G27]', async () => {
    // The second run passes through every service; what was to be done again would have been done before it.
    expect(await restored.outside()).toHaveLength(1);
    await oneRun(restored, 'second');
    const mails = await restored.outside();
    expect(mails).toHaveLength(2);
    expect(mails.filter((mail) => mail.includes('first'))).toHaveLength(1);
    expect(jsonOf(await restored.cli(['log', 'verify', '--json']))).toMatchObject({ isWhole: true });
  }, 120_000);
});

describe('an installation whose host was killed in mid-flow', () => {
  it('is backed up after its broker was stopped, and goes on from there [G27]', async () => {
    await restored.mail({ subject: 'Question third', text: 'Hello, what is your hourly rate for third? Thank you, Ada' });
    const gate = await eventually('the gate of third', async () => (await restored.gates())[0]);
    const { pid, bus } = await restored.host();
    process.kill(pid, 'SIGKILL');
    const taken = join(folder, 'backup-of-a-killed-host');
    await eventually('the backup', async () => (await restored.cli(['backup', taken, '--json'])).code === 0);
    // Ended, or a child of nobody whose end was not looked at yet.
    await eventually('the end of its broker', () => readFile(`/proc/${bus.pid}/cmdline`, 'utf8').then((words) => words === '', () => true));
    expect(jsonOf(await third.cli(['restore', taken, '--json']))).toMatchObject({ incarnation: 3 });
    await eventually('its start', () => third.up(false).then(() => true), 120_000);
    expect(jsonOf(await third.cli(['log', 'verify', '--json']))).toMatchObject({ isWhole: true });
    expect((await third.gates()).map(({ gateId, digest }) => [gateId, digest])).toEqual([[gate.gateId, gate.digest]]);
    await eventually('the decision', async () => (await third.decide(gate, 'approve')).status === 200);
    await eventually('the end', async () => (await third.run(gate.runId)).state === 'done');
    expect((await third.outside()).filter((mail) => mail.includes('third'))).toHaveLength(1);
    expect(await third.outside()).toHaveLength(3);
  }, 180_000);

  it('is opened by keys of another day only when that is asked for', async () => {
    const fourth = Installation.at(join(folder, 'fourth'));
    const keys = join(folder, 'backup-of-a-killed-host', 'keys');
    const mixed = join(folder, 'mixed');
    await cp(backup, mixed, { recursive: true });
    await rm(join(mixed, 'keys'), { recursive: true });
    await cp(keys, join(mixed, 'keys'), { recursive: true });
    expect(jsonOf(await fourth.cli(['restore', mixed, '--json']))).toMatchObject({ code: 'backup.damaged', message: expect.stringContaining('another backup') });
    expect(jsonOf(await fourth.cli(['restore', backup, '--keys', keys, '--json']))).toMatchObject({ type: 'backup.restored', hasOtherKeys: true });
  }, 60_000);
});
