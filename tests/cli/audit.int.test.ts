/** `soloist audit` on a host of its own: real broker, real database, two acts that an operator let go, and an auditor with nothing but Node. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { drawsOf, ON_BYTES } from '../chaos/corruption-changes.js';
import { actHidden, bytesOf, linesOf, ON_COMMITS, ON_OPENED, ON_STATEMENTS, resealed, type Line } from '../integration/log/audit-changes.js';
import { runCli, type Told } from './fake-instance.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ACTS = 2;
const { verifyAudit } = (await import(resolve(ROOT, 'tools/verify-audit.mjs'))) as { verifyAudit: (path: string, keyPem: string) => { readonly isWhole: boolean } };

let parent: string;
let env: Readonly<Record<string, string>>;

const soloist = (...words: string[]): Promise<Told> => runCli(words, { env });

async function json(...words: string[]): Promise<Line> {
  const told = await soloist(...words, '--json');
  expect(told.code, told.stdout + told.stderr).toBe(0);
  return JSON.parse(told.stdout.trim().split('\n').at(-1) ?? '') as Line;
}

async function eventually<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not in time`);
    await new Promise((wait) => setTimeout(wait, 200));
  }
}

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'soloist-audit-int-'));
  env = { SOLOIST_DATA_DIR: join(parent, 'data') };
  const up = await soloist('up', '--detach');
  expect(up.code, up.stdout + up.stderr).toBe(0);
  for (const [index, file] of ['1-agreed-terms.eml', '2-client-question.eml', '2-client-question.eml'].entries()) await send(file, index);
  const gates = await eventually('two gates', async () => {
    const found = (await json('gate', 'list'))['gates'] as Line[];
    return found.length === ACTS ? found : null;
  });
  for (const { gateId } of gates) await json('gate', 'approve', String(gateId));
  await eventually('both mails', async () => (((await json('mail', 'list'))['mails'] as Line[]).length === ACTS ? true : null));
  await eventually('the end of both runs', async () => (((await json('run', 'list'))['runs'] as Line[]).filter(({ state }) => state === 'done').length >= ACTS ? true : null));
}, 180_000);
afterAll(async () => {
  await soloist('down');
  await rm(parent, { recursive: true, force: true });
}, 60_000);

async function send(file: string, index: number): Promise<void> {
  const template = await readFile(join(ROOT, 'apps/cli/demo', file), 'utf8');
  const raw = template.replace('{{MESSAGE_ID}}', `<audit-${index}@acme.example>`).replace('{{DATE}}', 'Tue, 24 Nov 2026 09:00:00 +0000');
  await writeFile(join(parent, 'mail.eml'), raw.replaceAll(/\r?\n/g, '\r\n'));
  await json('mail', 'send', join(parent, 'mail.eml'));
}

it('[M5] [G22] what was done is exported sealed, verified by the command, and on a machine with nothing but Node', async () => {
  const out = join(parent, 'package');
  expect(await json('audit', 'export', '--out', out)).toMatchObject({ type: 'audit.exported', acts: ACTS, brokenStreams: [], actsWithGaps: 0 });
  // Sealed bytes are letters too: four of them in a row come about by chance, so what is looked for holds what they do not.
  for (const name of ['audit.jsonl', 'README.txt']) expect(await readFile(join(out, name), 'utf8')).not.toMatch(/jana[@ ]|headline|hourly rate|95 EUR/i);
  const key = join(env['SOLOIST_DATA_DIR'] ?? '', 'keep', 'log-signing.pub');
  const told = await soloist('audit', 'verify', out, '--key', key);
  expect({ code: told.code, stdout: told.stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/WHOLE: 2 acts, 2 whole, 0 broken/) as string });
  expect(await json('audit', 'verify', out)).toMatchObject({ type: 'audit.verified', isWhole: true, acts: ACTS, broken: 0 });

  const alone = join(await mkdtemp(join(tmpdir(), 'soloist-auditor-')), 'given');
  await cp(out, alone, { recursive: true });
  await cp(key, join(alone, '..', 'given.pub'));
  const there = spawnSync('env', ['-i', process.execPath, 'verify.mjs', '--key', '../given.pub'], { cwd: alone, encoding: 'utf8' });
  expect({ status: there.status, stderr: there.stderr }).toEqual({ status: 0, stderr: '' });
  expect(there.stdout.trim().split('\n').at(-1)).toMatch(/^WHOLE: 2 acts, 2 whole, 0 broken; [1-9][0-9]* commits/);
  await rm(join(alone, '..'), { recursive: true });
});

it('[G22] two hundred changes of a package of real acts: each is found', async () => {
  const out = join(parent, 'attacked');
  await json('audit', 'export', '--out', out, '--open', '--complete');
  const bytes = await readFile(join(out, 'audit.jsonl'));
  const lines = linesOf(bytes);
  const pem = await readFile(join(env['SOLOIST_DATA_DIR'] ?? '', 'keep', 'log-signing.pub'), 'utf8');
  const { createPrivateKey, generateKeyPairSync } = await import('node:crypto');
  const own = createPrivateKey(await readFile(join(env['SOLOIST_DATA_DIR'] ?? '', 'keep', 'log-signing.key')));
  const stranger = generateKeyPairSync('ed25519').privateKey;
  const draw = drawsOf(21);
  const { 'digest changed': _none, 'head left out or moved': _heads, ...onCommits } = ON_COMMITS;
  const lies = Object.entries({ ...ON_STATEMENTS, ...ON_OPENED, ...onCommits, 'act hidden': actHidden });
  let changes = 0;
  const isFound = async (kind: string, content: Buffer): Promise<void> => {
    if (content.equals(bytes)) return;
    changes += 1;
    await writeFile(join(out, 'changed.jsonl'), content);
    expect(verifyAudit(join(out, 'changed.jsonl'), pem).isWhole, kind).toBe(false);
  };
  for (let round = 0; round < 4; round += 1) {
    for (const [kind, change] of Object.entries(ON_BYTES)) await isFound(kind, change(bytes, draw));
    for (const [kind, change] of lies) {
      const changed = change(lines, draw);
      await isFound(`${kind}, left so`, bytesOf(changed));
      await isFound(`${kind}, by the holder of the key`, bytesOf(resealed(changed, own)));
      if (round === 0) await isFound(`${kind}, by a stranger`, bytesOf(resealed(changed, stranger, true)));
    }
  }
  expect(changes).toBeGreaterThanOrEqual(200);
  expect(verifyAudit(out, pem).isWhole).toBe(true);
}, 240_000);

it('one act, chosen by its id, with its arguments in clear; as one file too', async () => {
  const runs = (await json('run', 'list'))['runs'] as Line[];
  const runId = String(runs.find(({ state }) => state === 'done')?.['runId']);
  const out = join(parent, 'one.jsonl');
  expect(await json('audit', 'export', '--out', out, '--run', runId, '--open')).toMatchObject({ acts: 1 });
  const act = linesOf(await readFile(out)).find(({ type }) => type === 'soloist.audit.act') as Line;
  expect((act['opened'] as Line[])[0]).toMatchObject({ generation: 1, args: { to: ['jana.keller@acme.example'] } });
  expect(await json('audit', 'verify', out, '--key', join(env['SOLOIST_DATA_DIR'] ?? '', 'keep', 'log-signing.pub'))).toMatchObject({ isWhole: true, acts: 1 });
});

it('what cannot be done ends as with other commands: 2 a wrong word, 3 what is not there, 1 a target that is there', async () => {
  const out = join(parent, 'never');
  const codes = async (...words: string[]): Promise<readonly [number, string]> => {
    const { code, stdout } = await soloist('audit', ...words, '--json');
    const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Line;
    return [code, String(last['code'] ?? last['type'])];
  };
  expect(await codes('export')).toEqual([2, 'cli.usage']);
  expect(await codes('export', '--out', out, '--since', 'yesterday')).toEqual([2, 'cli.usage']);
  expect(await codes('export', '--out', out, '--complete', '--run', 'abc')).toEqual([2, 'cli.usage']);
  expect(await codes('export', '--out', out, '--act', 'abc-e1')).toEqual([3, 'audit.no-such-act']);
  expect(await codes('export', '--out', join(parent, 'data'))).toEqual([1, 'log.file-unusable']);
  expect(await codes('verify', join(parent, 'data'))).toEqual([3, 'log.file-unusable']);
  const elsewhere = await runCli(['audit', 'export', '--out', out, '--json'], { env: { SOLOIST_DATA_DIR: join(parent, 'nobody') } });
  expect([elsewhere.code, (JSON.parse(elsewhere.stdout) as Line)['code']]).toEqual([1, 'host.not-running']);
});
