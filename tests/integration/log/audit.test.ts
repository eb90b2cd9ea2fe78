/** Audit packages: what they say, what they keep to themselves, and what of their being changed comes to light. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pagesOf } from '@soloist/eventlog/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drawsOf, ON_BYTES } from '../../chaos/corruption-changes.js';
import { actHidden, bytesOf, digestOf, linesOf, ON_COMMITS, ON_OPENED, ON_STATEMENTS, resealed, rewritten, typesOf, type Line } from './audit-changes.js';
import { effectOf, exported, openActingCompany, SECRET_WORDS, type ActingCompany } from './audit.fixture.js';

interface Verdict {
  readonly isWhole: boolean;
  readonly isComplete: boolean;
  readonly acts: readonly { readonly effectId: string; readonly state: string; readonly reasons: readonly string[] }[];
  readonly wrong: readonly string[];
  readonly counts: { readonly commits: number; readonly digests: number; readonly jumped: number; readonly heads: number };
  readonly signedBy: string | null;
}
const { verifyAudit } = (await import(resolve(import.meta.dirname, '../../../tools/verify-audit.mjs'))) as { verifyAudit: (path: string, keyPem?: string) => Verdict };

const OUTCOMES = ['succeeded', 'failed', 'edited', 'open', 'again', 'allowed'] as const;
const folders: string[] = [];
let acting: ActingCompany;
let sealedFolder: string;
let openFolder: string;
let pem: string;

beforeAll(async () => {
  acting = await openActingCompany(OUTCOMES);
  pem = acting.key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  sealedFolder = await packageOf();
  openFolder = await packageOf({}, { isOpen: true });
}, 60_000);
afterAll(async () => {
  await acting.company.stop();
  await Promise.all(folders.map((folder) => rm(dirname(folder), { recursive: true, force: true })));
});

async function packageOf(...[selection, options]: [Parameters<typeof exported>[1]?, Parameters<typeof exported>[2]?]): Promise<string> {
  const { folder, report } = await exported(acting, selection, options);
  folders.push(folder);
  expect(report).toMatchObject({ brokenStreams: [], actsWithGaps: 0 });
  return folder;
}

const proofOf = (folder: string): Promise<Buffer> => readFile(join(folder, 'audit.jsonl'));
const found = (verdict: Verdict): readonly string[] => [...verdict.wrong, ...verdict.acts.flatMap(({ reasons }) => reasons)];

/** Judged in the folder of the package it was made from. */
async function judged(folder: string, content: Buffer, keyPem: string | null = pem): Promise<Verdict> {
  const file = join(folder, 'changed.jsonl');
  await writeFile(file, content);
  return keyPem === null ? verifyAudit(file) : verifyAudit(file, keyPem);
}

describe('a package on a machine with nothing but Node', () => {
  test('[M5] [G22] is found whole by its own verifier, in a folder of its own and without any environment', async () => {
    const alone = join(await mkdtemp(join(tmpdir(), 'soloist-auditor-')), 'given');
    folders.push(alone);
    await cp(sealedFolder, alone, { recursive: true, filter: (path) => !path.endsWith('changed.jsonl') });
    expect((await readdir(alone)).toSorted()).toEqual(['README.txt', 'audit.jsonl', 'log-signing.pub', 'verify.mjs']);
    const { status, stdout, stderr } = spawnSync('env', ['-i', process.execPath, 'verify.mjs'], { cwd: alone, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const runId of acting.runs) expect(stdout).toContain(`${effectOf(runId)} whole`);
    expect(stdout).toMatch(/Proved, .*\nNot proved: .*\nCompleteness: .*\nThe key was taken from beside the package.*\nWHOLE: 6 acts, 6 whole, 0 broken; [0-9]+ commits, [1-9][0-9]* signed heads; signed by [0-9a-f]{16}\n$/);
  });

  test('that is broken ends with 1 and says which act and why; what is no package ends with 2', async () => {
    const lines = linesOf(await proofOf(sealedFolder));
    const changed = resealed(lines.map((line) => (line['number'] === 2 ? { ...line, cost: { ...(line['cost'] as Line), micros: 7 } } : line)), acting.key.privateKey);
    const file = join(sealedFolder, 'changed.jsonl');
    await writeFile(file, bytesOf(changed));
    const told = spawnSync('env', ['-i', process.execPath, 'verify.mjs', file, '--key', 'log-signing.pub'], { cwd: sealedFolder, encoding: 'utf8' });
    expect(told.status).toBe(1);
    expect(told.stdout).toContain(`act 2 ${effectOf(acting.runs[1] ?? '')} broken: cost is stated as {"currency":"USD","micros":7,"modelCalls":1}, the commits say {"currency":"USD","micros":1501,"modelCalls":1}`);
    expect(told.stdout).toContain('BROKEN: 6 acts, 5 whole, 1 broken');
    for (const words of [['nothing.jsonl'], ['--kye', 'log-signing.pub'], ['--key'], ['--key', 'README.txt'], ['.', '.']]) expect(spawnSync(process.execPath, ['verify.mjs', ...words], { cwd: sealedFolder, env: {} }).status, words.join(' ')).toBe(2);
    const link = join(dirname(sealedFolder), 'linked');
    await symlink(sealedFolder, link);
    expect(spawnSync(process.execPath, [join(link, 'verify.mjs'), join(link, 'changed.jsonl')], { env: {} }).status).toBe(1);
  });

  test('its README has one line an act: when, what, outcome, decider, policy version, cost', async () => {
    const readme = await readFile(join(sealedFolder, 'README.txt'), 'utf8');
    const rows = readme.split('\n').filter((line) => /^[0-9]+ {2,}20/.test(line)).map((line) => line.split(/ {2,}/).slice(2));
    const decided = ['operator (approve, cli)', expect.stringMatching(/^[0-9a-f]{16}$/) as string];
    expect(rows).toEqual([
      ['mail.send', 'succeeded', ...decided, '0.0015 USD'],
      ['mail.send', 'failed', ...decided, '0.001501 USD'],
      ['mail.send', 'succeeded', ...decided, '0.001502 USD'],
      ['mail.send', 'open', ...decided, '0.001503 USD'],
      ['mail.send', 'succeeded', 'operator (approve, cli); operator (approve, cli)', decided[1], '0.001504 USD'],
      ['mail.search', 'succeeded', 'nobody: by policy', decided[1], '0.001505 USD'],
    ]);
  });

  test('a README that was changed is found', async () => {
    const folder = await packageOf();
    await writeFile(join(folder, 'README.txt'), (await readFile(join(folder, 'README.txt'), 'utf8')).replace('0.0015 USD', '0.0005 USD'));
    expect(verifyAudit(folder, pem)).toMatchObject({ isWhole: false, wrong: ['README.txt is not what was exported'] });
  });
});

describe('what a package says', () => {
  test('each statement leads from the trigger to the receipt, each link with place, hash and fields of its commit', async () => {
    const acts = linesOf(await proofOf(sealedFolder)).filter(({ type }) => type === 'soloist.audit.act');
    const [first, , edited] = acts as [Line, Line, Line];
    expect((first['links'] as Line[]).map(({ step }) => step as string)).toEqual(['trigger', 'routing', 'run', 'budget', 'admission', 'policy', 'recall', 'ask', 'answer', 'request', 'verdict', 'gate', 'decision', 'authorization', 'attempt', 'arming', 'outcome', 'cost', 'cost']);
    expect(first).toMatchObject({ action: 'mail.send', outcome: 'succeeded', generations: [1], missing: [], opened: null, decisions: [{ by: 'operator', decision: 'approve', surface: 'cli' }], cost: { modelCalls: 1, micros: 1_500, currency: 'USD' }, budget: { lines: [{ line: 'company/day/money', limit: 1_000_000_000, mode: 'hard' }] } });
    expect(edited['digest']).not.toBe(edited['requestedDigest']);
    const [again, allowed] = acts.slice(4) as [Line, Line];
    expect(again).toMatchObject({ generations: [1, 2], outcome: 'succeeded', decisions: [{ gateId: `${String(again['runId'])}-g1` }, { gateId: `${String(again['runId'])}-g2` }] });
    expect(allowed).toMatchObject({ action: 'mail.search', decisions: [], policy: { verdict: 'allow' } });
    expect((edited['links'] as Line[]).find(({ step }) => step === 'edit')).toMatchObject({ fields: { fields: ['text'], digestAfter: edited['digest'] as string } });
  });

  test('nothing personal is in clear without --open; with it the arguments are, and nothing else that was sealed', async () => {
    for (const name of ['audit.jsonl', 'README.txt']) {
      const text = await readFile(join(sealedFolder, name), 'utf8');
      for (const word of SECRET_WORDS) expect(text, `${name}: ${word}`).not.toContain(word);
    }
    const opened = await readFile(join(openFolder, 'audit.jsonl'), 'utf8');
    const args = linesOf(Buffer.from(opened)).filter(({ type }) => type === 'soloist.audit.act').map((act) => (act['opened'] as Line[])[0]?.['args'] as Line).filter((one) => 'to' in one);
    expect(args.map(({ to, text }) => [to as string[], text as string])).toEqual([95, 95, 99, 95, 95].map((rate) => [['client@acme.example'], `The hourly rate is ${rate} EUR.`]));
    expect(opened).not.toContain('What is your rate?');
    expect(verifyAudit(openFolder, pem)).toMatchObject({ isWhole: true });
  });

  test('a range, a run or an act is what goes in; what attempted nothing in the range is an error that names it', async () => {
    const [first = '', second = ''] = acting.runs;
    const statedIn = async (selection: Parameters<typeof exported>[1]): Promise<readonly string[]> => {
      const folder = await packageOf(selection);
      const verdict = verifyAudit(folder, pem);
      expect(found(verdict)).toEqual([]);
      return verdict.acts.map(({ effectId }) => effectId);
    };
    expect(await statedIn({ runs: [second] })).toEqual([effectOf(second)]);
    expect(await statedIn({ acts: [effectOf(first)], runs: [second] })).toEqual([effectOf(first), effectOf(second)]);
    const at = (linesOf(await proofOf(sealedFolder)).find(({ number }) => number === 2) as Line)['at'] as string;
    expect(await statedIn({ since: at })).toEqual(acting.runs.slice(1).map(effectOf));
    expect(await statedIn({ until: at })).toEqual([effectOf(first)]);
    expect(await statedIn({ until: '2020-01-01T00:00:00.000Z' })).toEqual([]);
    await expect(exported(acting, { runs: ['nobody'], acts: [effectOf(first)], until: '2020-01-01T00:00:00.000Z' })).rejects.toMatchObject({ code: 'audit.no-such-act', exitCode: 3, message: expect.stringContaining('act of run nobody') as string });
  });

  test('of the streams, what is not asked for is there as digests only or passed over between signed heads; --complete leaves nothing out', async () => {
    const one = verifyAudit(await packageOf({ runs: [acting.runs[0] ?? ''] }, { every: 3 }), pem);
    expect(one).toMatchObject({ isWhole: true, isComplete: false });
    expect(one.counts.digests).toBeGreaterThan(0);
    expect(one.counts.jumped).toBeGreaterThan(0);
    const all = verifyAudit(await packageOf({ isComplete: true }), pem);
    expect(all).toMatchObject({ isWhole: true, isComplete: true, counts: { digests: 0, jumped: 0 } });
    expect(all.counts.commits).toBeGreaterThan(one.counts.commits);
  });

  test('what lies between pages is written before the next page is read, and the verifier holds no bodies in mind', async () => {
    const { broker } = acting.company.log;
    const bytes = 6_000;
    const fillers = 10_000;
    const last = broker.stored('EVENTS-7').length;
    const seen: number[] = [];
    let reading = 0;
    const folder = join(await mkdtemp(join(tmpdir(), 'soloist-audit-')), 'package');
    const pages = async function* (): AsyncIterable<readonly ReturnType<typeof filler>[]> {
      reading += 1;
      yield* pagesOf(broker.connect('replay'), 8) as AsyncIterable<readonly ReturnType<typeof filler>[]>;
      for (let from = 1; from <= fillers; from += 500) {
        yield Array.from({ length: 500 }, (_, index) => filler(last + from + index, bytes));
        if (reading === 2) seen.push((await stat(join(large.folder, 'audit.jsonl'))).size);
      }
    };
    const large = { folder };
    const { folder: written } = await exported(acting, { isComplete: true }, { pages }, folder);
    folders.push(written);
    expect(seen).toHaveLength(fillers / 500);
    for (const [index, size] of seen.entries()) expect(size).toBeGreaterThan(index * 500 * bytes);
    const told = spawnSync(process.execPath, ['--max-old-space-size=40', 'verify.mjs'], { cwd: written, env: {}, encoding: 'utf8', timeout: 120_000 });
    expect({ status: told.status, last: told.stdout.trim().split('\n').at(-1) }).toEqual({ status: 0, last: expect.stringMatching(/^WHOLE: 6 acts, 6 whole/) as string });
  }, 180_000);
});

function filler(sequence: number, bytes: number): { stream: string; sequence: number; subject: string; headers: [string, string][]; body: Buffer } {
  const subject = `evt.hub.00.runtime.loop.filler-${sequence}`;
  return { stream: 'EVENTS-7', sequence, subject, headers: [['Soloist-At', '2026-01-02T03:04:05.000Z'], ['Soloist-Types', 'runtime.loop.suspended.v1']], body: Buffer.from(JSON.stringify([{ text: 'x'.repeat(bytes) }])) };
}

/** Each change so many times, by draws of its own. */
const ROUNDS = 6;

/** By what each kind of change comes to light when everything that can be made to fit was made to fit. */
const FOUND_BY: Readonly<Record<string, RegExp>> = {
  'amount of the cost': /cost is stated as/,
  'amount of the budget': /budget is stated as/,
  'limit of a budget line': /budget lines are stated as/,
  decider: /decisions is stated as/,
  'decider in the link': /decision at .*: the commit says .*"by":"operator"/,
  'time of the decision': /decisions is stated as/,
  'policy version': /policy is stated as/,
  'reasons of the policy': /policy is stated as/,
  action: /action is stated as/,
  'effect class': /effectClass is stated as/,
  digest: /digest is stated as/,
  outcome: /outcome is stated as/,
  time: /at is stated as/,
  run: /that it was attempted within the range is not in the package/,
  'link left out': /is left out/,
  'link to another commit': /the commit there has another hash|that commit is not in the package/,
  'hash of a link': /the commit there has another hash/,
  'statement taken out, commits left': /was attempted within the range, and no statement speaks of it/,
  'statement doubled': /it is stated twice/,
  'acts swapped': /is left out/,
  recipient: /the arguments of generation 1 are not those that were authorized/,
  'words that went out': /the arguments of generation 1 are not those that were authorized/,
  'byte in a body': /another hash|was signed|has a gap/,
  'actor in a header': /another hash|was signed|has a gap/,
  'time in a header': /another hash|was signed|has a gap/,
  'commit dropped': / goes from /,
  'commit hidden behind its digest': /is not in the package|has a gap/,
  'head left out or moved': /is not signed with the key of the log/,
  'digest changed': /is not what was signed/,
};

describe('a package that was changed', () => {
  test('[G22] by accident or by somebody without the key of the log is broken, whatever was changed', async () => {
    const bytes = await proofOf(openFolder);
    const lines = linesOf(bytes);
    const draw = drawsOf(1);
    const stranger = generateKeyPairSync('ed25519').privateKey;
    let changes = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const accidents = Object.entries(ON_BYTES).map(([kind, change]) => [kind, change(bytes, draw)] as const);
      const lies = Object.entries({ ...ON_STATEMENTS, ...ON_OPENED, ...ON_COMMITS, 'act hidden': actHidden }).map(([kind, change]) => [kind, bytesOf(resealed(change(lines, draw), stranger, true))] as const);
      for (const [kind, content] of [...accidents, ...lies, ['another key', bytesOf(resealed(lines, stranger, true))] as const]) {
        if (content.equals(bytes)) continue;
        changes += 1;
        expect((await judged(openFolder, content)).isWhole, `${kind}, round ${round}`).toBe(false);
      }
    }
    expect(changes).toBeGreaterThanOrEqual(200);
  }, 240_000);

  test('[G22] is broken even when the last line was signed with the key of the log again: statements are told anew from commits, and commits lie under heads that were signed before', async () => {
    const lines = linesOf(await proofOf(openFolder));
    const draw = drawsOf(2);
    let changes = 0;
    for (const [kind, change] of Object.entries({ ...ON_STATEMENTS, ...ON_OPENED, ...ON_COMMITS })) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const verdict = await judged(openFolder, bytesOf(resealed(change(lines, draw), acting.key.privateKey)));
        changes += 1;
        expect(verdict.isWhole, `${kind}, round ${round}`).toBe(false);
        expect(found(verdict).join('\n'), `${kind}, round ${round}`).toMatch(FOUND_BY[kind] ?? /no reason is pinned/);
      }
    }
    expect((await judged(openFolder, bytesOf(resealed(lines, acting.key.privateKey)))).isWhole).toBe(true);
    expect(changes).toBeGreaterThanOrEqual(150);
  }, 240_000);

  test('[G22] is broken even when whoever holds the key of the log tells the past of a run anew: governance has signed its authorizations', async () => {
    const lines = linesOf(await proofOf(sealedFolder));
    const draw = drawsOf(3);
    const lies: readonly (readonly [type: string, change: (data: Line) => Line, reason: string])[] = [
      ['governance.gate.authorized', (data) => ({ ...data, digest: 'f'.repeat(64) }), 'the signature of authorization 1 is not good'],
      ['governance.gate.authorized', (data) => ({ ...data, policyVersion: 'f'.repeat(16) }), 'the signature of authorization 1 is not good'],
      ['governance.gate.authorized', (data) => ({ ...data, signature: `${'A'.repeat(85)}A` }), 'the signature of authorization 1 is not good'],
      ['governance.gate.authorized', (data) => ({ ...data, keyId: 'f'.repeat(16) }), 'which is not in the package'],
      ['governance.gate.decided', (data) => ({ ...data, decision: 'reject' }), 'was given without an approval'],
      ['connectors.effect.attempted', (data) => ({ ...data, digest: 'f'.repeat(64) }), 'attempted with something else than was authorized'],
    ];
    for (const [type, change, reason] of lies) {
      for (let round = 0; round < ROUNDS; round += 1) {
        const verdict = await judged(sealedFolder, bytesOf(resealed(rewritten(lines, draw, type, change), acting.key.privateKey, true)));
        expect(found(verdict).join('\n'), `${type}, round ${round}`).toContain(reason);
      }
    }
  }, 120_000);

  test('an act that is hidden with all its commits is missed in a package that was asked for it, and in a complete one', async () => {
    const { privateKey } = acting.key;
    const asked = await packageOf({ acts: acting.runs.map(effectOf) });
    const complete = await packageOf({ isComplete: true });
    for (const [folder, reason] of [[asked, 'was asked for, and no statement speaks of it'], [complete, 'is not here in full']] as const) {
      const changed = resealed(actHidden(linesOf(await proofOf(folder)), drawsOf(4)), privateKey);
      expect(found(await judged(folder, bytesOf(changed))).join('\n')).toContain(reason);
    }
  });

  test('a verifier that was put into the package is found by any other copy of it', async () => {
    const folder = await packageOf();
    await writeFile(join(folder, 'verify.mjs'), 'process.stdout.write("WHOLE\\n");\n');
    expect(verifyAudit(folder, pem)).toMatchObject({ isWhole: false, wrong: ['verify.mjs is not what was exported'] });
  });
});

describe('what cannot be found, and is said', () => {
  const unseen = async (change: (lines: readonly Line[]) => readonly Line[], key: KeyObject, keyPem: string | null, signsHeads = false): Promise<Verdict> => judged(sealedFolder, bytesOf(resealed(change(linesOf(await proofOf(sealedFolder))), key, signsHeads)), keyPem);

  test('the holder of the key of the log hides an act with its whole run, in a package that is not complete: the verifier says that digests may hide acts', async () => {
    const verdict = await unseen((lines) => actHidden(lines, drawsOf(5)), acting.key.privateKey, pem);
    expect(found(verdict)).toEqual([]);
    expect(verdict.isComplete).toBe(false);
    expect(verdict.counts.digests).toBeGreaterThan(10);
    expect(spawnSync(process.execPath, ['verify.mjs', 'changed.jsonl', '--key', 'log-signing.pub'], { cwd: sealedFolder, env: {}, encoding: 'utf8' }).stdout).toContain('acts of other runs may lie there');
  });

  test('everything is signed anew with another key that is laid beside it, and nobody gave the auditor the true one', async () => {
    const stranger = generateKeyPairSync('ed25519');
    const other = stranger.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const told = (lines: readonly Line[]): readonly Line[] => actHidden(lines, drawsOf(6));
    expect((await unseen(told, stranger.privateKey, pem, true)).isWhole).toBe(false);
    const folder = await packageOf();
    const lines = linesOf(await proofOf(folder));
    const heads = new Set(lines.filter(({ type }) => type === 'soloist.log-head'));
    await writeFile(join(folder, 'audit.jsonl'), bytesOf(resealed(told(lines.filter((line) => !heads.has(line))), stranger.privateKey)));
    await writeFile(join(folder, 'log-signing.pub'), other);
    expect(found(verifyAudit(folder))).toEqual([]);
    expect(found(verifyAudit(folder, pem))).toContain('the package is not signed with this key of the log');
  });

  test('the last commit of an entity that no statement rests on is left out by the holder of the key', async () => {
    const verdict = await unseen((lines) => {
      const types = lines.map((line) => (line['type'] === 'soloist.audit.commit' ? typesOf(line) : []));
      const linked = new Set(lines.flatMap((line) => (line['links'] as Line[] | undefined) ?? []).map(({ stream, sequence }) => `${stream as string}:${sequence as number}`));
      const last = new Map(lines.flatMap((line, index) => ((types[index] ?? []).length > 0 ? [[line['subject'] as string, index] as const] : [])));
      const index = [...last.values()].find((at) => !linked.has(`${lines[at]?.['stream'] as string}:${lines[at]?.['sequence'] as number}`)) ?? -1;
      expect(index).toBeGreaterThan(0);
      return hiddenAt(lines, index);
    }, acting.key.privateKey, pem);
    expect(found(verdict)).toEqual([]);
  });
});

function hiddenAt(lines: readonly Line[], index: number): readonly Line[] {
  const line = lines[index] as Line;
  return lines.with(index, { type: 'soloist.audit.digests', stream: line['stream'] as string, from: line['sequence'] as number, digests: [digestOf(line)] });
}
