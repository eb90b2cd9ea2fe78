/**
 * `node tools/verify-export.mjs EXPORT [PUBLIC-KEY.pem]`: checks an export of a log with nothing but Node, on any machine. It
 * shares no code with Soloist, so that a mistake there is none here. Exits 1 when something is wrong.
 *
 * It checks: every line in its one spelling · sequences without a gap · each commit names the hash of the one before it
 * of its entity (a fenced one may name an earlier one) · the running hash of each stream · the hash over the file · the signature.
 * It does not check: forms of events, expectations and start hints (soloist log verify --file does).
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** RFC 8785. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

const header = ({ headers }, name) => headers.find(([key]) => key === name)?.[1] ?? null;
const bodyOf = ({ body }) => (typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64'));

function commitHash(message) {
  const covered = message.headers
    .filter(([name]) => (name.startsWith('Soloist-') && name !== 'Soloist-From') || name === 'traceparent')
    .sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return sha256(canonical([message.subject, covered]), '\n', bodyOf(message));
}

function messageDigest(message) {
  const values = new Map();
  for (const [name, value] of message.headers) values.set(name, [...(values.get(name) ?? []), value]);
  const parts = [...values.keys()].sort().flatMap((name) => [name, '\0', values.get(name).join('\0'), '\0']);
  return sha256(message.subject, '\0', ...parts, '\0', bodyOf(message));
}

export function verifyExport(bytes, publicKeyPem) {
  const wrong = [];
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') wrong.push('the file ends within a line');
  if (!Buffer.from(lines.map((line) => `${line}\n`).join('')).equals(bytes)) wrong.push('the file is not UTF-8 throughout');
  const parsed = lines.map((line, index) => {
    try {
      const value = JSON.parse(line);
      if (canonical(value) === line) return value;
    } catch {
      // Told below: it is no JSON, or says the same in another spelling.
    }
    wrong.push(`line ${index + 1} is not in its one spelling`);
    return null;
  });
  const [start, ...rest] = parsed;
  const end = rest.pop();
  if (start?.type !== 'soloist.log-export' || start.version !== 1) wrong.push('the first line is not that of an export');
  if (end?.type !== 'soloist.log-export.end') wrong.push('the last line is missing: the file was cut');
  const { commits, streams, chainBroken } = follow(rest.filter((message) => message !== null && Array.isArray(message.headers)));
  wrong.push(...chainBroken);
  if (end?.type === 'soloist.log-export.end') {
    if (end.sha256 !== sha256(lines.slice(0, -1).map((line) => `${line}\n`).join(''))) wrong.push('the lines before the last are not those it was written for');
    if (end.commits !== commits) wrong.push(`the last line counts ${end.commits} commits, the file holds ${commits}`);
    for (const { stream, lastSequence, head } of end.streams ?? []) {
      const found = streams.get(stream) ?? { sequence: 0, head: '0'.repeat(64) };
      if (found.sequence !== lastSequence || found.head !== head) wrong.push(`the head of ${stream} is not that of the lines before`);
    }
  }
  const signedBy = publicKeyPem === undefined ? null : signer(end, publicKeyPem);
  if (publicKeyPem !== undefined && signedBy === null) wrong.push('the file is not signed with this key');
  return { isWhole: wrong.length === 0, commits, signedBy, wrong };
}

function follow(messages) {
  const streams = new Map();
  const entities = new Map();
  const chainBroken = [];
  for (const message of messages) {
    const { stream, sequence, subject } = message;
    const before = streams.get(stream) ?? { sequence: 0, head: '0'.repeat(64) };
    if (sequence !== before.sequence + 1) chainBroken.push(`${stream} goes from ${before.sequence} to ${sequence}`);
    streams.set(stream, { sequence, head: sha256(`${before.head}\n${sequence}\n${messageDigest(message)}`) });
    const past = entities.get(subject) ?? [];
    const prev = header(message, 'Soloist-Prev');
    const isFork = header(message, 'Soloist-Fence') !== null && (prev === null || past.includes(prev));
    if (prev !== (past.at(-1) ?? null) && !isFork) chainBroken.push(`${stream} ${sequence}: ${subject} does not follow what is before it`);
    entities.set(subject, [...past, commitHash(message)]);
  }
  return { commits: messages.length, streams, chainBroken };
}

function signer(end, pem) {
  const key = createPublicKey(pem);
  const keyId = sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16);
  if (end?.keyId !== keyId || typeof end.signature !== 'string') return null;
  const { signature, ...covered } = end;
  return verify(null, Buffer.from(canonical(covered)), key, Buffer.from(signature, 'base64url')) ? keyId : null;
}

const [, started] = process.argv;
// By their real paths: a check that is called through a link must not end well without having checked.
if (started !== undefined && existsSync(started) && realpathSync(started) === realpathSync(fileURLToPath(import.meta.url))) {
  const [file, keyFile] = process.argv.slice(2);
  if (file === undefined) {
    process.stderr.write('usage: node verify-export.mjs EXPORT [PUBLIC-KEY.pem]\n');
    process.exit(2);
  }
  const report = verifyExport(readFileSync(file), keyFile === undefined ? undefined : readFileSync(keyFile, 'utf8'));
  process.stdout.write(`${JSON.stringify({ file, ...report, wrong: report.wrong.slice(0, 20) })}\n`);
  process.exitCode = report.isWhole ? 0 : 1;
}
