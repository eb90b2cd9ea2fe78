/**
 * Writes an audit package: statements of acts, the commits they rest on, and the signed heads over both (ADR 0021).
 *
 * I1 the log is read through twice, a page at a time; held in mind are one line an act, one number a commit that goes in,
 *    and the chain of one run
 * I2 statements are told by a log without keys: nothing that is sealed there can get into them
 * I3 arguments in clear come from another log, which the caller opens only when an owner has asked for them
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { CarriedCommit, Commit, EventLog, Position, StoredMessage } from '@soloist/eventlog';
import { logKeyId, type SignedHead } from '@soloist/eventlog/verify';
import { readTrail, type Trail } from '@soloist/governance';
import { HostError } from '../host-error.js';
import { argumentsOf, statementOf } from './act-statement.js';
import type { AuditReadme } from './audit-readme.js';
import type { AuditSelection } from './audit-selection.js';
import { findActs, type FoundActs } from './find-acts.js';
import { Places } from './places.js';
import type { ProofFile } from './proof-file.js';
import { StreamProof, type StreamEnd } from './stream-proof.js';

export interface AuditSource {
  readonly streams: number;
  /** All messages, stream by stream; called twice. */
  pages(): AsyncIterable<readonly StoredMessage[]>;
  /** Without keys. */
  readonly log: EventLog;
  /** With keys; null: arguments stay sealed. */
  readonly openedLog: EventLog | null;
  readonly heads: readonly SignedHead[];
  /** The private key of the log. */
  readonly key: KeyObject;
  /** The public key of governance, PEM; null when it is not there. */
  readonly authorizationKey: string | null;
}

export interface AuditTarget {
  readonly proof: ProofFile;
  readonly readme: AuditReadme | null;
  /** Files that lie beside it already: name → SHA-256. */
  readonly files: Readonly<Record<string, string>>;
}

export interface AuditReport {
  readonly acts: number;
  readonly commits: number;
  readonly keyId: string;
  /** Streams that do not meet a head that was signed; the package says so as well. */
  readonly brokenStreams: readonly string[];
  /** Acts of which a link is missing on the log, or does not fit. */
  readonly actsWithGaps: number;
}

/** The acts of a selection, before anything is written. @throws HostError audit.no-such-act */
export async function chosenActs(source: Pick<AuditSource, 'pages' | 'streams'>, selection: AuditSelection): Promise<FoundActs> {
  const found = await findActs(source.streams, source.pages(), selection);
  const unknown = [
    ...selection.acts.filter((id) => !found.acts.some(({ effectId }) => effectId === id)).map((id) => `act ${id}`),
    ...selection.runs.filter((id) => !found.acts.some(({ runId }) => runId === id)).map((id) => `act of run ${id}`),
  ];
  if (unknown.length > 0) throw new HostError('audit.no-such-act', `no ${unknown.join(', no ')} was attempted in this range`, 'look for its id with: ./soloist run list, ./soloist why ID', { exitCode: 3 });
  return found;
}

export async function writeAudit(source: AuditSource, selection: AuditSelection, found: FoundActs, target: AuditTarget, exportedAt: string): Promise<AuditReport> {
  const { proof, readme } = target;
  const { acts, streams } = found;
  await proof.write([{ type: 'soloist.audit', version: 1, exportedAt, streamCount: source.streams, selection: { ...selection }, streams, authorizationKey: source.authorizationKey }]);
  const places = new Places(streams);
  const actsWithGaps = await writeStatements(source, found, target, places);
  const { ends, commits, brokenStreams } = await writeStreams(source, found, places, proof);
  const readmeFile: Readonly<Record<string, string>> = readme === null ? {} : { 'README.txt': await readme.end(acts.length) };
  await proof.end({ type: 'soloist.audit.end', acts: acts.length, commits, streams: ends, files: { ...target.files, ...readmeFile } }, source.key);
  return { acts: acts.length, commits, keyId: logKeyId(createPublicKey(source.key)), brokenStreams, actsWithGaps };
}

async function writeStatements(source: AuditSource, { acts, streams }: FoundActs, { proof, readme }: AuditTarget, places: Places): Promise<number> {
  let run: RunOnRecord | null = null;
  let withGaps = 0;
  for (const [index, act] of acts.entries()) {
    // Acts of one run mostly follow each other, and their chain is the same.
    if (run?.trail.runId !== act.runId) run = await RunOnRecord.read(source, act.runId, streams, places);
    const statement = await statementOf(run.trail, act, index + 1, run.carry, run.opened === null ? null : argumentsOf(run.opened, act.effectId));
    if (statement.missing.length > 0) withGaps += 1;
    await proof.write([statement]);
    await readme?.add(statement);
  }
  return withGaps;
}

/** The chain of one run as it stood when the streams were looked at, and its commits as stored, each read once. */
class RunOnRecord {
  private readonly carried = new Map<string, Promise<CarriedCommit | null>>();

  private constructor(
    private readonly log: EventLog,
    readonly trail: Trail,
    readonly opened: Pick<Trail, 'episode'> | null,
  ) {}

  static async read({ log, openedLog }: AuditSource, runId: string, streams: FoundActs['streams'], places: Places): Promise<RunOnRecord> {
    // A run that goes on meanwhile would else say one thing of its first act and another of its second.
    const stood = new Map(streams.map(({ stream, sequence }) => [stream, sequence]));
    const wasThere = ({ position }: Commit): boolean => position.sequence <= (stood.get(`EVENTS-${position.stream}`) ?? 0);
    const whole = await readTrail(log, runId, null);
    const trail = { ...whole, episode: whole.episode.filter(wasThere), policies: whole.policies.filter(wasThere), definitions: whole.definitions?.filter(wasThere) ?? [] };
    const { intake, request, episode, policies, definitions, reservation, ledger = [] } = trail;
    for (const { position } of [...intake, ...request, ...episode, ...policies, ...definitions, ...(reservation === null ? [] : [reservation]), ...ledger]) places.add(`EVENTS-${position.stream}`, position.sequence);
    return new RunOnRecord(log, trail, openedLog === null ? null : { episode: (await openedLog.episode(runId)).filter(wasThere) });
  }

  readonly carry = (position: Position): Promise<CarriedCommit | null> => {
    const key = `${position.stream}:${position.sequence}`;
    const known = this.carried.get(key) ?? this.log.carry(position);
    this.carried.set(key, known);
    return known;
  };
}

async function writeStreams(source: AuditSource, { streams }: FoundActs, places: Places, proof: ProofFile): Promise<{ ends: readonly StreamEnd[]; commits: number; brokenStreams: readonly string[] }> {
  const ends: StreamEnd[] = [];
  const brokenStreams: string[] = [];
  let commits = 0;
  let current: StreamProof | null = null;
  const finish = async (): Promise<void> => {
    if (current === null) return;
    const ended = current.end();
    await proof.write(ended.lines);
    ends.push(ended.end);
    commits += ended.commits;
    if (ended.isBroken) brokenStreams.push(ended.end.stream);
  };
  for await (const page of source.pages()) {
    for (const message of page) {
      if (current?.stream !== message.stream) {
        await finish();
        current = proofOf(message.stream, source, streams, places);
      }
      current.take(message);
    }
    await proof.write(current?.taken() ?? []);
  }
  await finish();
  return { ends, commits, brokenStreams };
}

function proofOf(stream: string, { heads }: AuditSource, streams: FoundActs['streams'], places: Places): StreamProof {
  const stood = streams.find((reach) => reach.stream === stream)?.sequence ?? 0;
  return new StreamProof(stream, heads.filter((head) => head.stream === stream), places, Math.max(stood, places.last(stream)));
}

