/**
 * `node verify.mjs [PACKAGE] [--key LOG-SIGNING.pub] [--json]`: checks an audit package with nothing but Node, on any machine. PACKAGE
 * is the folder or its audit.jsonl; default: the folder this file lies in. Shares no code with Soloist. Exits 1 when
 * something is broken, 2 when there is nothing to check.
 *
 * I1 nothing is believed but the bytes of commits: what a statement says is told again from them, and compared
 * I2 what could not be checked is said, never counted as good
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FIELDS = {
  'connectors.intake.input-received': ['inputId', 'source', 'trust', 'via'],
  'orchestrator.request.routed': ['route', 'rule'],
  'orchestrator.run.requested': ['agent', 'inputId', 'runId'],
  'runtime.loop.program-started': ['parent', 'program', 'version'],
  'governance.budget.reserved': ['agent', 'currency', 'day', 'micros', 'runId'],
  'governance.budget.warned': ['committed', 'limit', 'line', 'period', 'runId'],
  'governance.hold.asked': ['agent', 'currency', 'lines', 'runId'],
  'governance.hold.extended': ['by', 'commandId', 'lines', 'runId'],
  'governance.hold.granted': ['agent', 'currency', 'definitionVersion', 'envelopeMicros', 'policyVersion', 'runId'],
  'governance.hold.refused': ['code', 'runId'],
  'governance.hold.released': ['releasedMicros', 'runId', 'spentMicros'],
  'governance.definition.pinned': ['by', 'commandId', 'version'],
  'governance.policy.adopted': ['origin', 'version'],
  'memory.recall.answered': ['index', 'recallId'],
  'runtime.loop.model-asked': ['askId', 'epoch', 'model', 'price', 'promptDigest', 'step'],
  'runtime.loop.model-answered': ['askId', 'costMicros', 'inputTokens', 'model', 'outputTokens', 'rehearsal'],
  'runtime.loop.model-failed': ['askId', 'code'],
  'runtime.loop.finished': ['outcome', 'spentMicros', 'steps'],
  'runtime.loop.effect-requested': ['action', 'callId', 'digest', 'effectClass', 'effectId', 'epoch', 'trust'],
  'governance.gate.judged': ['code', 'digest', 'effectId', 'facts', 'generation', 'kind', 'policyVersion', 'reasons', 'trust', 'verdict'],
  'governance.gate.opened': ['digest', 'effectId', 'expiresAt', 'gateId', 'generation', 'kind', 'policyVersion', 'reasons'],
  'governance.gate.decided': ['by', 'commandId', 'decision', 'digest', 'gateId', 'reason', 'surface'],
  'governance.gate.decision-refused': ['because', 'by', 'code', 'commandId', 'decision', 'digest', 'gateId', 'surface'],
  'governance.gate.edited': ['by', 'commandId', 'digestAfter', 'digestBefore', 'fields', 'gateId', 'surface', 'verdict'],
  'governance.gate.expired': ['because', 'gateId'],
  'governance.gate.authorized': ['digest', 'effectId', 'epoch', 'expiresAt', 'generation', 'keyId', 'nonce', 'policyVersion', 'signature', 'stopGeneration'],
  'governance.gate.refused': ['because', 'code', 'effectId', 'generation'],
  'connectors.effect.attempted': ['digest', 'effectId', 'epoch', 'generation', 'idempotencyKey', 'nonce'],
  'connectors.arming.armed': ['effectId', 'generation', 'haltSequence'],
  'connectors.effect.succeeded': ['effectId', 'generation', 'knownBy'],
  'connectors.effect.failed': ['because', 'code', 'effectId', 'faultKind', 'generation'],
  'connectors.effect.unknown': ['because', 'effectId', 'generation'],
  'connectors.effect.refused': ['because', 'code', 'effectId', 'generation'],
};
/** Of an act's own events each generation of each of these must be named. */
const OWN = ['runtime.loop.effect-requested', 'governance.gate.judged', 'governance.gate.opened', 'governance.gate.authorized', 'connectors.effect.attempted', 'connectors.arming.armed', 'connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.unknown', 'connectors.effect.refused'];
const AT_GATES = ['governance.gate.decided', 'governance.gate.decision-refused', 'governance.gate.edited', 'governance.gate.expired'];
const ENDS = ['connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.unknown', 'connectors.effect.refused'];
const ZERO = '0'.repeat(64);
const CHUNK = 1 << 20;
const MAX_LINE = 16 << 20;
const SHOWN = 20;

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest('hex');

/** RFC 8785. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  return `{${Object.keys(value).sort().filter((key) => value[key] !== undefined).map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

const same = (left, right) => canonical(left) === canonical(right);
const header = ({ headers }, name) => headers.find(([key]) => key === name)?.[1] ?? null;
const bodyOf = ({ body }) => (typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.base64, 'base64'));
const keyIdOf = (key) => sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16);
const placeOf = ({ stream, sequence }) => `${stream}:${sequence}`;

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

function keyIn(pem) {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
}

function isSigned(record, key) {
  const { signature, ...covered } = record;
  const bytes = Buffer.from(String(signature), 'base64url');
  if (key === null || record.keyId !== keyIdOf(key) || bytes.toString('base64url') !== signature) return false;
  return verify(null, Buffer.from(canonical(covered)), key, bytes);
}

/** Lines with their place in the file; only one is held at a time. */
function* linesOf(fd) {
  let rest = Buffer.alloc(0);
  let offset = 0;
  for (;;) {
    const chunk = Buffer.alloc(CHUNK);
    const count = readSync(fd, chunk, 0, CHUNK, null);
    rest = Buffer.concat([rest, chunk.subarray(0, count)]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield { bytes: rest.subarray(0, end), offset, isEnded: true };
      offset += end + 1;
      rest = rest.subarray(end + 1);
    }
    if (count === 0) break;
    if (rest.length > MAX_LINE) break;
  }
  if (rest.length > 0) yield { bytes: rest, offset, isEnded: false };
}

/** Null when the bytes are not the one spelling of what they say. */
function valueOf(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value = JSON.parse(text);
    return canonical(value) === text && value !== null && typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The events of a stored commit, as they lie there: personal fields sealed. */
function eventsOf(commit) {
  const types = (header(commit, 'Soloist-Types') ?? '').split(',');
  const body = JSON.parse(bodyOf(commit).toString('utf8'));
  if (!Array.isArray(body) || body.length !== types.length) throw new Error('its types do not fit its body');
  return types.map((type, index) => ({ type: type.replace(/\.v[0-9]+$/, ''), version: Number(/\.v([0-9]+)$/.exec(type)?.[1]), data: body[index] ?? {}, index, at: header(commit, 'Soloist-At'), stream: commit.stream, sequence: commit.sequence }));
}

class Package {
  wrong = [];
  notes = [];
  acts = [];
  /** Place of a commit → where its line lies, and its hash. */
  commits = new Map();
  entities = new Map();
  byKey = new Map();
  attempted = new Map();
  streams = new Map();
  counts = { commits: 0, digests: 0, jumped: 0, heads: 0 };
  hash = createHash('sha256');
  start = null;
  end = null;

  constructor(file, key) {
    this.fd = openSync(file, 'r');
    this.key = key;
    let number = 0;
    for (const line of linesOf(this.fd)) this.take(line, (number += 1));
    this.finish();
  }

  complain(reason) {
    this.wrong.push(reason);
  }

  take({ bytes, offset, isEnded }, number) {
    if (this.end !== null) return this.complain(`line ${number}: something follows the last line`);
    if (!isEnded) this.complain('the file ends within a line: it was cut');
    const value = valueOf(bytes);
    if (value === null) return this.complain(`line ${number} is not in its one spelling`);
    if (value.type === 'soloist.audit.end') return void (this.end = value);
    this.hash.update(bytes).update('\n');
    if (number === 1) {
      if (value.type === 'soloist.audit' && value.version === 1 && Array.isArray(value.streams)) return void (this.start = value);
      return this.complain('the first line is not that of an audit package');
    }
    try {
      this.takeLine(value, { offset, length: bytes.length });
    } catch (error) {
      this.complain(`line ${number}: ${error.message}`);
    }
  }

  takeLine(value, place) {
    switch (value.type) {
      case 'soloist.audit.act':
        if (this.streams.size > 0) this.complain('a statement stands behind the commits');
        this.acts.push({ ...place, effectId: value.effectId, runId: value.runId });
        this.byKey.set(value.runId, []);
        return;
      case 'soloist.audit.commit':
        return this.takeCommit(value, place);
      case 'soloist.audit.digests':
        if (this.sequenceOf(value.stream) + 1 !== value.from) this.complain(`${value.stream} goes from ${this.sequenceOf(value.stream)} to ${value.from}`);
        for (const digest of value.digests) this.follow(value.stream, this.sequenceOf(value.stream) + 1, digest);
        this.counts.digests += value.digests.length;
        return;
      case 'soloist.log-head':
        return this.takeHead(value);
      default:
        this.complain(`a line of the unknown type ${JSON.stringify(value.type)}`);
    }
  }

  sequenceOf(stream) {
    return this.streams.get(stream)?.sequence ?? 0;
  }

  follow(stream, sequence, digest) {
    const before = this.streams.get(stream) ?? { sequence: 0, head: ZERO };
    if (sequence !== before.sequence + 1) this.complain(`${stream} goes from ${before.sequence} to ${sequence}`);
    this.streams.set(stream, { sequence, head: sha256(`${before.head}\n${sequence}\n${digest}`) });
  }

  /** A signed head stands for all messages up to it, so what lies between it and the place before needs not be here. */
  takeHead(head) {
    this.counts.heads += 1;
    if (!isSigned(head, this.key)) return this.complain(`the head of ${head.stream} at ${head.sequence} is not signed with the key of the log`);
    const { sequence, head: found } = this.streams.get(head.stream) ?? { sequence: 0, head: ZERO };
    if (head.sequence === sequence) return head.head === found ? undefined : this.complain(`${head.stream} at ${sequence}: what lies before is not what was signed`);
    if (head.sequence < sequence) return this.complain(`${head.stream}: the head of ${head.sequence} stands behind ${sequence}`);
    this.counts.jumped += head.sequence - sequence;
    this.streams.set(head.stream, { sequence: head.sequence, head: head.head });
  }

  takeCommit(commit, place) {
    const { stream, sequence, subject } = commit;
    this.counts.commits += 1;
    this.follow(stream, sequence, messageDigest(commit));
    const hash = commitHash(commit);
    this.commits.set(placeOf(commit), { ...place, hash, subject });
    const prev = header(commit, 'Soloist-Prev');
    const entity = this.entities.get(subject) ?? { hashes: new Set(), last: null, isWhole: true };
    const isFork = header(commit, 'Soloist-Fence') !== null && (prev === null || entity.hashes.has(prev));
    if (prev !== entity.last && !isFork) entity.isWhole = false;
    entity.hashes.add(hash);
    entity.last = hash;
    this.entities.set(subject, entity);
    const key = subject.split('.').at(-1);
    this.byKey.get(key)?.push({ stream, sequence });
    if (!subject.includes('.connectors.effect.')) return;
    for (const { type, data, at } of eventsOf(commit)) if (type === 'connectors.effect.attempted' && this.isWanted(data.effectId, key, at, stream, sequence)) this.attempted.set(data.effectId, key);
  }

  isWanted(effectId, runId, at, stream, sequence) {
    const { since, until, runs, acts } = this.start?.selection ?? {};
    if ((since ?? null) !== null && at < since) return false;
    if ((until ?? null) !== null && at >= until) return false;
    if (sequence > (this.start?.streams.find((one) => one.stream === stream)?.sequence ?? 0)) return false;
    return (runs.length === 0 && acts.length === 0) || runs.includes(runId) || acts.includes(effectId);
  }

  commitAt(place) {
    const found = this.commits.get(place);
    if (found === undefined) return null;
    const bytes = Buffer.alloc(found.length);
    readSync(this.fd, bytes, 0, found.length, found.offset);
    return { ...found, commit: valueOf(bytes) };
  }

  finish() {
    const { start, end } = this;
    if (start === null) this.complain('the first line is missing');
    if (end === null) return this.complain('the last line is missing: the file was cut');
    if (end.sha256 !== this.hash.digest('hex')) this.complain('the lines before the last are not those it was written for');
    if (end.acts !== this.acts.length || end.commits !== this.counts.commits) this.complain(`the last line counts ${end.acts} acts and ${end.commits} commits, the file holds ${this.acts.length} and ${this.counts.commits}`);
    for (const { stream, sequence, head } of end.streams ?? []) {
      const found = this.streams.get(stream) ?? { sequence: 0, head: ZERO };
      if (found.sequence !== sequence || found.head !== head) this.complain(`the head of ${stream} is not that of the lines before`);
    }
    if (start !== null && (start.streams.length !== start.streamCount || start.streams.some(({ stream }, index) => stream !== `EVENTS-${index}`))) this.complain('the first line does not speak of every stream');
    for (const { stream, sequence } of start?.streams ?? []) if (this.sequenceOf(stream) < sequence) this.complain(`${stream} stood at ${sequence}, and is followed to ${this.sequenceOf(stream)} only`);
    for (const stream of this.streams.keys()) if (!end.streams?.some((one) => one.stream === stream)) this.complain(`the last line does not speak of ${stream}`);
    if (!isSigned(end, this.key)) this.complain(this.key === null ? 'no key of the log was given and none lies beside the package' : 'the package is not signed with this key of the log');
    const stated = new Set(this.acts.map(({ effectId }) => effectId));
    for (const [effectId] of this.attempted) if (!stated.has(effectId)) this.complain(`${effectId} was attempted within the range, and no statement speaks of it`);
    for (const id of start?.selection.acts ?? []) if (!stated.has(id)) this.complain(`${id} was asked for, and no statement speaks of it`);
    for (const id of start?.selection.runs ?? []) if (!this.acts.some(({ runId }) => runId === id)) this.complain(`acts of run ${id} were asked for, and no statement speaks of one`);
    if (start !== null && start.selection.isComplete === true) this.requireComplete(start);
  }

  requireComplete({ selection, streams }) {
    for (const { stream, sequence, from, to } of streams) {
      if (selection.since === null && sequence > 0 && from !== 1) this.complain(`${stream} is said to be complete, but begins at ${from}`);
      if (selection.until === null && to !== sequence) this.complain(`${stream} is said to be complete, but ends at ${to}`);
      for (let next = from; next <= to && to > 0; next += 1) if (!this.commits.has(`${stream}:${next}`)) return this.complain(`${stream} is said to be complete from ${from} to ${to}, but ${next} is not here in full`);
    }
  }

  close() {
    closeSync(this.fd);
  }
}

/** What the commits say of an act, told without the statement. */
function retold(events, effectId, runId) {
  const own = events.filter(({ data }) => data.effectId === effectId);
  const of = (type) => own.filter((event) => event.type === type);
  const [request] = of('runtime.loop.effect-requested');
  const [judged] = of('governance.gate.judged');
  const gates = of('governance.gate.opened').map(({ data }) => data.gateId);
  const atGates = events.filter(({ type, data }) => AT_GATES.includes(type) && gates.includes(data.gateId));
  const until = request?.sequence ?? Infinity;
  const answers = events.filter(({ type, sequence }) => type === 'runtime.loop.model-answered' && sequence <= until);
  const granted = events.find(({ type }) => type === 'governance.hold.granted');
  const attempts = of('connectors.effect.attempted');
  const ends = own.filter(({ type }) => ENDS.includes(type));
  const authorized = of('governance.gate.authorized');
  const summary = {
    ...{ effectId, runId, at: attempts[0]?.at ?? null, action: request?.data.action ?? null, effectClass: request?.data.effectClass ?? null },
    requestedDigest: request?.data.digest ?? null,
    digest: authorized.at(-1)?.data.digest ?? null,
    generations: [...new Set(attempts.map(({ data }) => data.generation))].sort((a, b) => a - b),
    policy: judged === undefined ? null : { version: judged.data.policyVersion, verdict: judged.data.verdict, code: judged.data.code ?? null, reasons: judged.data.reasons },
    decisions: atGates.filter(({ type }) => type === 'governance.gate.decided').map(({ at, data: { gateId, decision, by, surface, digest } }) => ({ at, gateId, decision, by, surface, digest })),
    outcome: ends.length === 0 ? 'open' : ends.at(-1).type.split('.').at(-1),
    cost: { modelCalls: answers.length, micros: answers.reduce((sum, { data }) => sum + data.costMicros, 0), currency: granted?.data.currency ?? null },
  };
  return { summary, own, of, atGates, answers, granted, attempts, authorized, request, judged };
}

/** Whether the lines that held the run's reservation are those of the ledger's last snapshot and what followed. Null: not recomputed. */
function linesOfLedger(events, reserved) {
  const limits = {};
  const from = events.findLastIndex(({ type, sequence }) => type === 'governance.budget.snapshotted' && sequence < reserved.sequence);
  for (const { type, version, data, sequence, index } of events.slice(Math.max(from, 0))) {
    if (sequence > reserved.sequence || !['limited', 'unlimited', 'snapshotted'].includes(type.split('.').at(-1))) continue;
    void index;
    if (version < 2 && !type.endsWith('.unlimited')) return null;
    if (type.endsWith('.snapshotted')) Object.assign(limits, data.limits);
    else if (type.endsWith('.unlimited')) delete limits[data.line];
    else limits[data.line] = { limit: data.limit, mode: data.mode };
  }
  const names = { company: '', run: '', ...Object.fromEntries(['agent', 'feature', 'workflow', 'client'].map((scope) => [scope, reserved.data[scope] ?? null])) };
  return Object.entries(limits).flatMap(([line, { limit, mode }]) => {
    const parts = line.split('/');
    const [scope] = parts;
    const own = parts.length === 4 ? parts[1] : null;
    const name = names[scope] ?? null;
    if (name === null || (own !== null && own !== '*' && own !== name)) return [];
    if (own === '*' && Object.hasOwn(limits, [scope, name, ...parts.slice(2)].join('/'))) return [];
    return [{ line, limit, mode }];
  });
}

/** What is wrong with an act; none: it is whole. */
function wrongWith(pack, act, statement, number) {
  const wrong = [];
  const check = (isGood, reason) => isGood || wrong.push(reason);
  const { effectId, runId } = act;
  const places = [...(pack.byKey.get(runId) ?? [])].sort((a, b) => a.sequence - b.sequence);
  const events = places.flatMap((place) => eventsOf(pack.commitAt(placeOf(place)).commit));
  const told = retold(events, effectId, runId);
  check(statement.number === number, `it is statement ${number}, and says ${statement.number}`);
  for (const [name, value] of Object.entries(told.summary)) check(same(statement[name], value), `${name} is stated as ${canonical(statement[name])}, the commits say ${canonical(value)}`);
  const named = new Map();
  for (const link of statement.links) for (const reason of wrongWithLink(pack, link, named)) check(false, reason);
  for (const reason of missingLinks(told, named, pack, statement)) check(false, reason);
  for (const reason of contradictions(told, pack)) check(false, reason);
  for (const reason of wrongWithBudget(pack, statement, runId, named)) check(false, reason);
  for (const reason of wrongWithOpened(told, statement)) check(false, reason);
  for (const { step, standing } of statement.missing) check(false, `on the log itself, ${step} ${standing === 'missing' ? 'is missing' : 'does not fit'}`);
  return wrong;
}

function wrongWithLink(pack, { step, stream, sequence, hash, index, event, at, fields }, named) {
  const where = `${step} at ${stream}:${sequence}`;
  const found = pack.commitAt(`${stream}:${sequence}`);
  if (found === null) return [`${where}: that commit is not in the package`];
  const told = eventsOf(found.commit)[index];
  named.set(`${stream}:${sequence}/${index}`, { step, event, told });
  const isPartial = pack.entities.get(found.subject)?.isWhole !== true && !found.subject.includes('.governance.budget.');
  const expected = Object.fromEntries((FIELDS[told?.type] ?? []).filter((name) => told.data[name] !== undefined).map((name) => [name, told.data[name]]));
  return [
    ...(found.hash === hash ? [] : [`${where}: the commit there has another hash`]),
    ...(isPartial ? [`${where}: the chain of ${found.subject} has a gap`] : []),
    ...(told?.type === event && FIELDS[event] !== undefined ? [] : [`${where}: there is no ${event} in it`]),
    ...(told?.at === at ? [] : [`${where}: it was written at another time`]),
    ...(same(expected, fields) ? [] : [`${where}: the commit says ${canonical(expected)}, the statement ${canonical(fields)}`]),
  ];
}

function missingLinks({ own, atGates, answers, granted, request }, named, pack, { links }) {
  const has = ({ stream, sequence, index }) => named.has(`${stream}:${sequence}/${index}`);
  const pair = ({ type, data }) => `${type} ${data.generation ?? ''}${type.endsWith('.opened') ? data.gateId : ''}`;
  const linked = new Set(own.filter(has).map(pair));
  const told = [...named.values()];
  const begun = told.find(({ step }) => step === 'trigger')?.told;
  const adopted = told.find(({ event }) => event === 'governance.policy.adopted')?.told;
  const requested = told.find(({ event }) => event === 'orchestrator.run.requested')?.told;
  return [
    ...(request === undefined ? ['that it was asked for is not on record'] : []),
    ...own.filter((event) => OWN.includes(event.type) && !linked.has(pair(event))).map(({ type, sequence }) => `${type} at ${sequence} is left out`),
    ...[...atGates, ...answers].filter((event) => !has(event)).map(({ type, sequence }) => `${type} at ${sequence} is left out`),
    ...(begun === undefined ? ['what set it off is left out'] : []),
    ...(requested !== undefined && begun?.data.inputId !== requested.data.inputId ? ['what is named as its trigger is not what its run was requested for'] : []),
    ...(granted !== undefined && adopted?.data.version !== granted.data.policyVersion ? ['the adoption of the policy that its run was admitted under is left out'] : []),
    ...(granted !== undefined && !has(granted) ? ['its admission is left out'] : []),
    ...(new Set(links.map(({ stream, sequence, index, step }) => `${stream}:${sequence}/${index} ${step}`)).size === links.length ? [] : ['a link is named twice']),
  ];
}

function contradictions({ of, request, judged, authorized, attempts, atGates }, pack) {
  const wrong = [];
  const key = pack.start?.authorizationKey == null ? null : keyIn(pack.start.authorizationKey);
  if (judged !== undefined && request !== undefined && judged.data.digest !== request.data.digest) wrong.push('what was judged is not what was asked for');
  if (judged === undefined) wrong.push('no verdict of the policy is on record');
  for (const attempt of attempts) {
    const { generation, digest, nonce } = attempt.data;
    const permit = authorized.find(({ data }) => data.generation === generation);
    if (permit === undefined) wrong.push(`generation ${generation} was attempted without an authorization`);
    else if (permit.data.digest !== digest || permit.data.nonce !== nonce || permit.sequence > attempt.sequence) wrong.push(`generation ${generation} was attempted with something else than was authorized`);
  }
  for (const { data } of authorized) {
    const { args: _args, signature, ...covered } = data;
    const bytes = Buffer.from(String(signature), 'base64url');
    if (key === null || data.keyId !== keyIdOf(key)) wrong.push(`authorization ${data.generation} is signed with the key ${data.keyId}, which is not in the package`);
    else if (bytes.toString('base64url') !== signature || !verify(null, Buffer.from(canonical(covered)), key, bytes)) wrong.push(`the signature of authorization ${data.generation} is not good`);
    const gate = of('governance.gate.opened').find(({ data: card }) => (card.kind === 'unknown-outcome' ? card.generation + 1 : card.generation) === data.generation);
    if (gate === undefined) {
      if (judged?.data.verdict !== 'allow' || data.generation > 1) wrong.push(`authorization ${data.generation} was given without a gate`);
      continue;
    }
    const said = atGates.filter(({ data: word }) => word.gateId === gate.data.gateId);
    const yes = said.find(({ type, data: word }) => type === 'governance.gate.decided' && word.decision === 'approve');
    const edit = said.find(({ type }) => type === 'governance.gate.edited');
    if (yes === undefined) wrong.push(`authorization ${data.generation} was given without an approval`);
    else if (yes.data.digest !== gate.data.digest) wrong.push('what was approved is not what the gate showed');
    if (data.digest !== (edit?.data.digestAfter ?? gate.data.digest)) wrong.push(`authorization ${data.generation} is for something else than was decided about`);
  }
  for (const { data } of of('connectors.effect.succeeded')) if (!of('connectors.arming.armed').some((armed) => armed.data.generation === data.generation)) wrong.push(`generation ${data.generation} was done without being armed`);
  return wrong;
}

function wrongWithBudget(pack, { budget }, runId, named) {
  const link = [...named.entries()].find(([, { event }]) => event === 'governance.budget.reserved');
  if (budget === null) return link === undefined ? [] : ['its budget is left out'];
  if (link === undefined || link[1].told?.data.runId !== runId) return ['its reservation is not in the package'];
  const reserved = link[1].told;
  const said = { day: reserved.data.day, micros: reserved.data.micros, currency: reserved.data.currency };
  const { lines, ...stated } = budget;
  if (!same(said, stated)) return [`budget is stated as ${canonical(stated)}, the ledger says ${canonical(said)}`];
  if (lines === null) return [];
  const ledger = pack.commitAt(`${reserved.stream}:${reserved.sequence}`);
  const from = Number(header(ledger.commit, 'Soloist-From') ?? reserved.sequence);
  const events = [];
  for (let sequence = from; sequence <= reserved.sequence; sequence += 1) {
    const found = pack.commitAt(`${reserved.stream}:${sequence}`);
    if (found?.subject === ledger.subject) events.push(...eventsOf(found.commit));
  }
  const found = linesOfLedger(events, reserved);
  const sorted = (all) => all.map(canonical).sort();
  if (found === null) return void pack.notes.push(`the budget lines of run ${runId} lie in an older form and were not recomputed`) ?? [];
  return same(sorted(found), sorted(lines)) ? [] : [`budget lines are stated as ${canonical(lines)}, the ledger says ${canonical(found)}`];
}

/** Arguments in clear, when an owner has put them in: their digest is what was authorized. */
function wrongWithOpened({ authorized, summary }, { opened }) {
  if (opened === null) return [];
  const wrong = opened.flatMap(({ generation, args }) => {
    const permit = authorized.find(({ data }) => data.generation === generation);
    if (permit === undefined) return [`arguments are given for generation ${generation}, which was not authorized`];
    return args === null || sha256(canonical({ action: summary.action, args })) === permit.data.digest ? [] : [`the arguments of generation ${generation} are not those that were authorized`];
  });
  return opened.length === authorized.length ? wrong : [...wrong, 'arguments of some generation are left out'];
}

/** @returns what was found: `acts` with their state and reasons, `wrong` with the package itself, `notes` on what was not checked */
export function verifyAudit(path, keyPem) {
  const file = statSync(path).isDirectory() ? join(path, 'audit.jsonl') : path;
  const folder = dirname(file);
  const beside = join(folder, 'log-signing.pub');
  const isGiven = keyPem !== undefined;
  const pem = keyPem ?? (existsSync(beside) ? readFileSync(beside, 'utf8') : undefined);
  const key = pem === undefined ? null : keyIn(pem);
  if (pem !== undefined && key === null) throw new Error('the key is no Ed25519 public key in PEM');
  const pack = new Package(file, key);
  try {
    for (const [name, digest] of Object.entries(pack.end?.files ?? {})) {
      if (!existsSync(join(folder, name))) pack.notes.push(`${name} is not beside the package, so it was not checked`);
      else if (sha256(readFileSync(join(folder, name))) !== digest) pack.complain(`${name} is not what was exported`);
    }
    if (isGiven && existsSync(beside) && keyIn(readFileSync(beside, 'utf8'))?.equals?.(key) !== true) pack.complain('the key beside the package is not the one that was given');
    const seen = new Set();
    const acts = pack.acts.map((act, index) => {
      let reasons;
      try {
        const bytes = Buffer.alloc(act.length);
        readSync(pack.fd, bytes, 0, act.length, act.offset);
        reasons = wrongWith(pack, act, valueOf(bytes), index + 1);
      } catch (error) {
        reasons = [`it cannot be read: ${error.message}`];
      }
      if (seen.has(act.effectId)) reasons = [...reasons, 'it is stated twice'];
      seen.add(act.effectId);
      if (pack.attempted.get(act.effectId) !== act.runId) reasons = [...reasons, 'that it was attempted within the range is not in the package'];
      return { number: index + 1, effectId: act.effectId, state: reasons.length === 0 ? 'whole' : 'broken', reasons };
    });
    const isWhole = pack.wrong.length === 0 && acts.every(({ state }) => state === 'whole');
    return { isWhole, acts, wrong: pack.wrong, notes: pack.notes, counts: pack.counts, isComplete: pack.start?.selection?.isComplete === true, signedBy: key !== null && isSigned(pack.end ?? {}, key) ? keyIdOf(key) : null, isKeyGiven: isGiven };
  } finally {
    pack.close();
  }
}

const PROVES = 'Proved, as far as it says "whole": each statement is what the commits say; each commit lies at its place under heads signed with the key of the log; the chain of each run, its trigger and its policy from their first commit on; each authorization is signed with the key of governance, and is for what was decided.';
const NOT_PROVED = 'Not proved: that nobody holds the key of the log who should not; that clocks were right; what the outside world did with it; that the last commit of a run here is its last on the log. A decision bears no signature of a person: the authorization that follows it is signed.';

function completenessOf({ isComplete, isWhole, counts }) {
  if (!isWhole) return 'Completeness: nothing is proved of a package that is broken.';
  if (isComplete) return 'Completeness: every commit of the range is here in full, so no act of the range can be missing.';
  return `Completeness: an act of which a commit is here cannot be missing. ${counts.digests} commits of the streams are here as digests only and ${counts.jumped} are passed over between signed heads: what these hold is not shown, so acts of other runs may lie there. A package made with --complete leaves none out.`;
}

function summaryOf(report) {
  const broken = report.acts.filter(({ state }) => state === 'broken').length;
  const word = report.isWhole ? 'WHOLE' : 'BROKEN';
  return `${word}: ${report.acts.length} acts, ${report.acts.length - broken} whole, ${broken} broken; ${report.counts.commits} commits, ${report.counts.heads} signed heads; signed by ${report.signedBy ?? 'nobody that is known'}`;
}

/** Whoever asks in a way that is not understood is told so, and never that something is whole. */
function wordsOf(words) {
  const asked = { path: dirname(fileURLToPath(import.meta.url)), keyFile: undefined, isJson: false };
  const paths = [];
  for (let at = 0; at < words.length; at += 1) {
    if (words[at] === '--json') asked.isJson = true;
    else if (words[at] === '--key' && words[at + 1] !== undefined) asked.keyFile = words[(at += 1)];
    else if (words[at].startsWith('--')) throw new Error(`${words[at]} is no flag, or lacks its value`);
    else paths.push(words[at]);
  }
  if (paths.length > 1) throw new Error('more than one package is named');
  return { ...asked, path: paths[0] ?? asked.path };
}

function main() {
  let report;
  let isJson;
  try {
    const asked = wordsOf(process.argv.slice(2));
    isJson = asked.isJson;
    report = verifyAudit(asked.path, asked.keyFile === undefined ? undefined : readFileSync(asked.keyFile, 'utf8'));
  } catch (error) {
    process.stderr.write(`there is nothing to check: ${error.message}\nusage: node verify.mjs [PACKAGE] [--key log-signing.pub] [--json]\n`);
    process.exitCode = 2;
    return;
  }
  const say = (line, record) => process.stdout.write(`${isJson ? JSON.stringify(record) : line}\n`);
  for (const act of report.acts) say(`act ${act.number} ${act.effectId} ${act.state}${act.reasons.length === 0 ? '' : `: ${act.reasons.slice(0, SHOWN).join('; ')}`}`, { type: 'audit.act', ...act });
  if (!isJson) {
    for (const reason of report.wrong.slice(0, SHOWN)) say(`broken: ${reason}`);
    if (report.wrong.length > SHOWN) say(`and ${report.wrong.length - SHOWN} more`);
    for (const note of [...new Set(report.notes)].slice(0, SHOWN)) say(`note: ${note}`);
    for (const text of [PROVES, NOT_PROVED, completenessOf(report)]) say(text);
    if (!report.isKeyGiven) say('The key was taken from beside the package: compare its id with one you were given another way, or name that key with --key.');
  }
  const { acts, ...rest } = report;
  say(summaryOf(report), { type: 'audit.verified', ...rest, acts: acts.length, broken: acts.filter(({ state }) => state === 'broken').length, completeness: completenessOf(report) });
  process.exitCode = report.isWhole ? 0 : 1;
}

// By its true place: called through a link it must not end in silence, which would read as whole.
if (process.argv[1] !== undefined && existsSync(process.argv[1]) && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) main();
