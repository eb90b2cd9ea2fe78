/**
 * What can be done to an audit package, as functions of a seed, on its lines as values. `resealed` is somebody who makes
 * the rest fit: counts, running hashes and the signature of the last line.
 */
import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { commitHash, lineOf, logKeyId } from '@soloist/eventlog/verify';
import type { Draw } from '../../chaos/corruption-changes.js';

export type Line = Readonly<Record<string, any>>;
export type Change = (lines: readonly Line[], draw: Draw) => readonly Line[];

export const linesOf = (bytes: Buffer): readonly Line[] => bytes.toString('utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as Line);
export const bytesOf = (lines: readonly Line[]): Buffer => Buffer.from(lines.map((line) => `${lineOf(line)}\n`).join(''));

const isAct = ({ type }: Line): boolean => type === 'soloist.audit.act';
const isCommit = ({ type }: Line): boolean => type === 'soloist.audit.commit';
const sha256 = (...parts: readonly (string | Uint8Array)[]): string => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');
const bodyOf = ({ body }: Line): Buffer => (typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64'));
const messageOf = (line: Line): { subject: string; headers: [string, string][]; body: Buffer } => ({ subject: line['subject'], headers: line['headers'], body: bodyOf(line) });
export const placeOf = ({ stream, sequence }: Line): string => `${stream}:${sequence}`;

export function digestOf(line: Line): string {
  const { subject, headers, body } = messageOf(line);
  const parts = headers.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)).flatMap(([name, value]) => [name, '\0', value, '\0']);
  return sha256(subject, '\0', ...parts, '\0', body);
}

/** Whatever was done to them, the lines end as whoever holds this key would have ended them. `signsHeads`: heads are made anew as well. */
export function resealed(lines: readonly Line[], key: KeyObject, signsHeads = false): readonly Line[] {
  const streams = new Map<string, { stream: string; sequence: number; head: string }>();
  const follow = (stream: string, sequence: number, digest: string): void => {
    const before = streams.get(stream)?.head ?? '0'.repeat(64);
    streams.set(stream, { stream, sequence, head: sha256(`${before}\n${sequence}\n${digest}`) });
  };
  const before = lines.filter(({ type }) => type !== 'soloist.audit.end').map((line): Line => {
    if (isCommit(line)) follow(line['stream'], line['sequence'], digestOf(line));
    if (line['type'] === 'soloist.audit.digests') for (const [index, digest] of (line['digests'] as string[]).entries()) follow(line['stream'], (line['from'] as number) + index, digest);
    if (line['type'] !== 'soloist.log-head') return line;
    const reached = streams.get(line['stream']);
    if (signsHeads && reached?.sequence === line['sequence']) return signed({ ...line, head: reached?.head }, key);
    if (reached === undefined || reached.sequence < line['sequence']) streams.set(line['stream'], { stream: line['stream'], sequence: line['sequence'], head: line['head'] });
    return line;
  });
  const end = lines.find(({ type }) => type === 'soloist.audit.end') ?? {};
  const counted = { acts: before.filter(isAct).length, commits: before.filter(isCommit).length, streams: [...streams.values()], sha256: sha256(bytesOf(before)) };
  return [...before, signed({ ...end, ...counted }, key)];
}

function signed({ signature: _signature, ...record }: Line, key: KeyObject): Line {
  const whole = { ...record, keyId: logKeyId(createPublicKey(key)) };
  return { ...whole, signature: sign(null, Buffer.from(lineOf(whole)), key).toString('base64url') };
}

const pick = (lines: readonly Line[], draw: Draw, fits: (line: Line) => boolean): number => {
  const found = lines.flatMap((line, index) => (fits(line) ? [index] : []));
  if (found.length === 0) throw new Error('nothing in the package fits this change');
  return found[draw(found.length)] ?? 0;
};
const inAct = (change: (act: Line, draw: Draw) => Line, fits: (act: Line) => boolean = () => true): Change => (lines, draw) => {
  const index = pick(lines, draw, (line) => isAct(line) && fits(line));
  return lines.with(index, change(lines[index] as Line, draw));
};
const other = (text: string): string => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
const inLink = (change: (link: Line) => Line, fits: (link: Line) => boolean = () => true): Change =>
  inAct((act, draw) => {
    const at = pick(act['links'], draw, fits);
    return { ...act, links: (act['links'] as Line[]).with(at, change(act['links'][at])) };
  }, (act) => (act['links'] as Line[]).some(fits));
const step = (name: string) => (link: Line): boolean => link['step'] === name;
const isDecided = (act: Line): boolean => act['decisions'].length > 0;

/** A statement says something else than its commits. */
export const ON_STATEMENTS: Readonly<Record<string, Change>> = {
  'amount of the cost': inAct((act, draw) => ({ ...act, cost: { ...act['cost'], micros: act['cost'].micros + 1 + draw(9_000) } })),
  'amount of the budget': inAct((act, draw) => ({ ...act, budget: { ...act['budget'], micros: act['budget'].micros + 1 + draw(9_000) } })),
  'limit of a budget line': inAct((act) => ({ ...act, budget: { ...act['budget'], lines: (act['budget'].lines as Line[]).map((line) => ({ ...line, limit: line['limit'] + 1 })) } })),
  decider: inAct((act) => ({ ...act, decisions: (act['decisions'] as Line[]).map((one) => ({ ...one, by: 'somebody' })) }), isDecided),
  'decider in the link': inLink((link) => ({ ...link, fields: { ...link['fields'], by: 'somebody' } }), step('decision')),
  'time of the decision': inAct((act) => ({ ...act, decisions: (act['decisions'] as Line[]).map((one) => ({ ...one, at: '2020-01-01T00:00:00.000Z' })) }), isDecided),
  'policy version': inAct((act) => ({ ...act, policy: { ...act['policy'], version: other(act['policy'].version) } })),
  'reasons of the policy': inAct((act) => ({ ...act, policy: { ...act['policy'], reasons: ['because'] } })),
  action: inAct((act) => ({ ...act, action: 'mail.forward' })),
  'effect class': inAct((act) => ({ ...act, effectClass: 'natural' })),
  digest: inAct((act) => ({ ...act, digest: other(act['digest']) })),
  outcome: inAct((act) => ({ ...act, outcome: act['outcome'] === 'failed' ? 'succeeded' : 'failed' })),
  time: inAct((act) => ({ ...act, at: '2020-01-01T00:00:00.000Z' })),
  run: inAct((act) => ({ ...act, runId: other(act['runId']) })),
  'link left out': inAct((act, draw) => ({ ...act, links: (act['links'] as Line[]).toSpliced(pick(act['links'], draw, ({ step: name }) => ['decision', 'authorization', 'attempt', 'answer', 'trigger', 'verdict', 'gate', 'arming', 'request'].includes(name)), 1) })),
  'link to another commit': inLink((link) => ({ ...link, sequence: link['sequence'] + 1 })),
  'hash of a link': inLink((link) => ({ ...link, hash: other(link['hash']) })),
  'statement taken out, commits left': (lines, draw) => lines.toSpliced(pick(lines, draw, isAct), 1),
  'statement doubled': (lines, draw) => {
    const index = pick(lines, draw, isAct);
    return lines.toSpliced(index, 0, lines[index] as Line);
  },
  'acts swapped': (lines, draw) => {
    const one = pick(lines, draw, isAct);
    const two = pick(lines, draw, (line) => isAct(line) && line !== lines[one]);
    const [left, right] = [lines[one] as Line, lines[two] as Line];
    return lines.with(one, { ...left, links: right['links'], decisions: right['decisions'], cost: right['cost'] }).with(two, { ...right, links: left['links'], decisions: left['decisions'], cost: left['cost'] });
  },
};

/** Arguments in clear that were not those that went out. */
export const ON_OPENED: Readonly<Record<string, Change>> = {
  recipient: inAct((act) => ({ ...act, opened: (act['opened'] as Line[]).map((one) => ({ ...one, args: { ...one['args'], to: ['thief@elsewhere.example'] } })) })),
  'words that went out': inAct((act) => ({ ...act, opened: (act['opened'] as Line[]).map((one) => ({ ...one, args: { ...one['args'], text: 'No.' } })) })),
};

/** Commits that carry a statement: named by a link, or followed by another of their entity. */
const bearing = (lines: readonly Line[]): ((line: Line) => boolean) => {
  const linked = new Set(lines.filter(isAct).flatMap((act) => (act['links'] as Line[]).map(placeOf)));
  const last = new Map(lines.filter(isCommit).map((line) => [line['subject'] as string, placeOf(line)]));
  const ofActs = new Set(lines.filter(isAct).map(({ runId }) => runId as string));
  const isOfRun = (line: Line): boolean => ofActs.has((line['subject'] as string).split('.').at(-1) ?? '');
  const hasLinks = new Set(lines.filter((line) => isCommit(line) && linked.has(placeOf(line))).map(({ subject }) => subject as string));
  return (line) => isCommit(line) && (linked.has(placeOf(line)) || (isOfRun(line) && hasLinks.has(line['subject']) && last.get(line['subject']) !== placeOf(line)));
};
const inCommit = (change: (commit: Line, draw: Draw) => Line): Change => (lines, draw) => {
  const index = pick(lines, draw, bearing(lines));
  return lines.with(index, change(lines[index] as Line, draw));
};
const asDigest = (line: Line): Line => ({ type: 'soloist.audit.digests', stream: line['stream'], from: line['sequence'], digests: [digestOf(line)] });

export const ON_COMMITS: Readonly<Record<string, Change>> = {
  'byte in a body': inCommit((commit, draw) => {
    const body = String(commit['body']);
    const at = body.search(/[a-z0-9]/) + draw(3);
    return { ...commit, body: `${body.slice(0, at)}~${body.slice(at + 1)}` };
  }),
  'actor in a header': inCommit((commit) => ({ ...commit, headers: (commit['headers'] as [string, string][]).map(([name, value]) => [name, name === 'Soloist-Actor' ? `${value}-else` : value]) })),
  'time in a header': inCommit((commit) => ({ ...commit, headers: (commit['headers'] as [string, string][]).map(([name, value]) => [name, name === 'Soloist-At' ? '2020-01-01T00:00:00.000Z' : value]) })),
  'commit dropped': (lines, draw) => lines.toSpliced(pick(lines, draw, bearing(lines)), 1),
  'commit hidden behind its digest': (lines, draw) => {
    const index = pick(lines, draw, bearing(lines));
    return lines.with(index, asDigest(lines[index] as Line));
  },
  'head left out or moved': (lines, draw) => {
    const index = pick(lines, draw, ({ type }) => type === 'soloist.log-head');
    return lines.with(index, { ...(lines[index] as Line), sequence: lines[index]?.['sequence'] + 1 });
  },
  'digest changed': (lines, draw) => {
    const covered = lines.filter(({ type }) => type === 'soloist.log-head');
    const index = pick(lines, draw, (line) => line['type'] === 'soloist.audit.digests' && covered.some(({ stream, sequence }) => stream === line['stream'] && sequence > line['from']));
    return lines.with(index, { ...(lines[index] as Line), digests: (lines[index]?.['digests'] as string[]).map(other) });
  },
};

/** The act is gone with every commit of its run, and digests stand where these lay. */
export const actHidden: Change = (lines, draw) => {
  const act = lines[pick(lines, draw, isAct)] as Line;
  let number = 0;
  return lines.filter((line) => line !== act).map((line) => {
    if (isAct(line)) return { ...line, number: (number += 1) };
    return isCommit(line) && String(line['subject']).endsWith(`.${act['runId']}`) ? asDigest(line) : line;
  });
};

/**
 * The past told anew by whoever holds the key of the log: one event of a commit is changed, and every later commit of the
 * entity, every link and every head is made to fit.
 */
export function rewritten(lines: readonly Line[], draw: Draw, type: string, change: (data: Line) => Line): readonly Line[] {
  const index = pick(lines, draw, (line) => isCommit(line) && typesOf(line).includes(type));
  const first = lines[index] as Line;
  const events = (JSON.parse(String(first['body'])) as Line[]).map((data, at) => (typesOf(first)[at] === type ? change(data) : data));
  const renamed = new Map<string, string>();
  const commits = lines.map((line, at): Line => {
    if (!isCommit(line) || line['subject'] !== first['subject'] || at < index) return line;
    const own = at === index ? { ...line, body: lineOf(events) } : { ...line, headers: (line['headers'] as [string, string][]).map(([name, value]) => [name, name === 'Soloist-Prev' ? (renamed.get(value) ?? value) : value]) };
    renamed.set(commitHash(messageOf(line)), commitHash(messageOf(own)));
    return own;
  });
  const told = new Map(commits.filter(isCommit).map((line) => [placeOf(line), line]));
  return commits.map((line) => (isAct(line) ? { ...line, links: (line['links'] as Line[]).map((link) => relinked(link, told.get(placeOf(link)))) } : line));
}

function relinked(link: Line, commit: Line | undefined): Line {
  if (commit === undefined) return link;
  const data = (JSON.parse(String(commit['body'])) as Line[])[link['index']] ?? {};
  return { ...link, hash: commitHash(messageOf(commit)), fields: Object.fromEntries(Object.keys(link['fields']).map((name) => [name, data[name]])) };
}

export function typesOf({ headers }: Line): readonly string[] {
  const types = (headers as [string, string][]).find(([name]) => name === 'Soloist-Types')?.[1] ?? '';
  return types.split(',').map((type) => type.replace(/\.v[0-9]+$/, ''));
}
