/**
 * Turns an id into the commits that tell why, and these into an answer.
 *
 * I1 ids lead to their run by their form; an effect's id through the operator's rows, and the log has the last word
 * I2 the log is never read whole: a run's episode, its input, the policy, and the ledger near the admission. A commit id,
 *    which leads nowhere by itself, is looked for among the latest commits, and the failure says how far it was looked
 */
import type { EffectEvent, HoldEvent, RunEvent } from '@soloist/contracts';
import { derivedId, isErased, type Commit, type EventLog } from '@soloist/eventlog';
import type { GovernanceView } from '../ports/governance-view.port.js';
import { askedIdOf, type AskedId } from './asked-id.js';
import { inputOf } from './beginning.js';
import { findReservation } from './reservation.js';
import type { Trail } from './trail.js';
import { effectsOf, whyOf } from './why.js';
import { only, seenIn, type WhyLine } from './why-line.js';

/** Of each stream. */
const LATEST_COMMITS = 2_000;

export interface Why {
  readonly id: string;
  readonly kind: 'run' | 'effect' | 'gate' | 'commit' | 'sent-mail' | 'received-mail';
  /** How the id was found on the log. */
  readonly found: string;
  readonly runId: string | null;
  readonly effectId: string | null;
  /** No link is missing and none contradicts another; links that are not there yet do not count. */
  readonly isWhole: boolean;
  readonly lines: readonly WhyLine[];
}

type Subject = Pick<Why, 'kind' | 'found' | 'effectId'> & { readonly runId: string; readonly inputId?: string };
export interface NotFound {
  readonly because: string;
}

export async function askWhy({ log, view }: { readonly log: EventLog; readonly view: GovernanceView }, id: string): Promise<Why | NotFound> {
  const asked = askedIdOf(id);
  if (asked === null) return { because: `${JSON.stringify(id)} is no id of a run, effect, gate or commit, and no Message-ID.` };
  const subject = await subjectOf(log, view, asked);
  if ('because' in subject) return subject;
  const trail = await readTrail(log, subject.runId, subject.inputId ?? null);
  if (trail.episode.length === 0 && trail.intake.length === 0) return { because: `Nothing is on record about ${id}.` };
  const lines = whyOf(trail, subject.effectId);
  const { kind, found, effectId } = subject;
  const isWhole = !lines.some(({ standing }) => standing === 'missing' || standing === 'mismatch');
  return { id, kind, found, runId: trail.episode.length === 0 ? null : trail.runId, effectId, isWhole, lines };
}

async function subjectOf(log: EventLog, view: GovernanceView, asked: AskedId): Promise<Subject | NotFound> {
  switch (asked.kind) {
    case 'gate':
      return gateSubject(log, asked);
    case 'effect':
    case 'sent-mail':
      return effectSubject(log, view, asked);
    case 'received-mail':
      return inputSubject(derivedId('mail', asked.messageId), `what came in as ${asked.messageId}`);
    case 'position': {
      const commit = asked.stream < log.streams ? await log.commitAt(asked) : null;
      return commit === null ? { because: `Nothing lies at EVENTS-${asked.stream}:${asked.sequence}.` } : commitSubject(commit);
    }
    case 'run-or-commit':
      return runOrCommit(log, asked.id);
  }
}

async function gateSubject(log: EventLog, { gateId, runId }: Extract<AskedId, { kind: 'gate' }>): Promise<Subject | NotFound> {
  const named = (await log.episode(runId)).flatMap(({ events }) => events).map(({ data }) => data as { readonly gateId?: unknown; readonly effectId?: unknown });
  const gate = named.filter((data) => data.gateId === gateId);
  if (gate.length === 0) return { because: `No gate ${gateId} is on record.` };
  const effectId = gate.find((data) => typeof data.effectId === 'string')?.effectId;
  return { kind: 'gate', found: 'its id holds the id of its run', runId, effectId: typeof effectId === 'string' ? effectId : null };
}

async function effectSubject(log: EventLog, view: GovernanceView, asked: Extract<AskedId, { kind: 'effect' | 'sent-mail' }>): Promise<Subject | NotFound> {
  await view.refresh();
  for (const runId of await view.runIdsFrom(asked.runPrefix)) {
    const episode = await log.episode(runId);
    if (!effectsOf(episode).includes(asked.effectId)) continue;
    if (asked.kind === 'effect') return { kind: 'effect', found: 'its id begins like that of its run', runId, effectId: asked.effectId };
    if (!wasAttempted(episode, asked)) return { because: `Effect ${asked.effectId} was never attempted as generation ${asked.generation}.` };
    const found = receiptOf(episode, asked);
    return found === null ? { because: `The receipt on record names another Message-ID than ${asked.messageId}.` } : { kind: 'sent-mail', found, runId, effectId: asked.effectId };
  }
  return { because: `No effect ${asked.effectId} is on record.` };
}

/** Whether anything may have gone out by this Message-ID. */
function wasAttempted(episode: readonly Commit[], { effectId, generation }: Extract<AskedId, { kind: 'sent-mail' }>): boolean {
  return only<EffectEvent, 'connectors.effect.attempted'>(seenIn(episode), 'connectors.effect.attempted').some(({ event }) => event.data.effectId === effectId && event.data.generation === generation);
}

/** How a sent mail is known to be the effect's; null when the receipt says that it is not. */
function receiptOf(episode: readonly Commit[], { messageId, effectId, generation }: Extract<AskedId, { kind: 'sent-mail' }>): string | null {
  const sent = only<EffectEvent, 'connectors.effect.succeeded'>(seenIn(episode), 'connectors.effect.succeeded').find(({ event }) => event.data.effectId === effectId && event.data.generation === generation);
  if (sent === undefined) return `it is the Message-ID of generation ${generation} of its effect; no receipt is on record`;
  const { receipt } = sent.event.data;
  if (isErased(receipt)) return `it is the Message-ID of generation ${generation} of its effect; the receipt is erased`;
  const said = receipt['messageId'];
  if (said === undefined) return `it is the Message-ID of generation ${generation} of its effect; the receipt names none`;
  return said === messageId ? `the receipt of generation ${generation} names it` : null;
}

function inputSubject(inputId: string, found: string): Subject {
  return { kind: 'received-mail', found, runId: derivedId('run', inputId), effectId: null, inputId };
}

async function runOrCommit(log: EventLog, id: string): Promise<Subject | NotFound> {
  const keyed = await log.episode(id);
  if (keyed.some(({ address }) => isOfRun(address.entity))) return { kind: 'run', found: 'it is the id of a run', runId: id, effectId: null };
  if (keyed.some(({ address }) => address.entity === 'intake')) return inputSubject(id, 'it is the id of what came in');
  for (let stream = 0; stream < log.streams; stream += 1) {
    const last = await log.lastSequence(stream);
    const latest = last === 0 ? [] : await log.readAfter(stream, Math.max(last - LATEST_COMMITS, 0), LATEST_COMMITS);
    const commit = latest.find((one) => one.id === id);
    if (commit !== undefined) return commitSubject(commit);
  }
  return { because: `No run has the id ${id}, and none of the latest ${LATEST_COMMITS} commits of each stream. An older commit is found by its place: EVENTS-STREAM:SEQUENCE.` };
}

function isOfRun(entity: string): boolean {
  return ['run', 'loop', 'hold', 'gate', 'recall', 'effect', 'arming'].includes(entity);
}

function commitSubject({ id, address, position, events }: Commit): Subject | NotFound {
  const found = `commit ${id} at EVENTS-${position.stream}:${position.sequence}: ${events.map(({ type }) => type).join(', ')}`;
  const named = events.map(({ data }) => data as { readonly runId?: unknown; readonly inputId?: unknown; readonly effectId?: unknown });
  const text = (name: 'runId' | 'inputId' | 'effectId'): string | null => (named.map((data) => data[name]).find((value) => typeof value === 'string') as string | undefined) ?? null;
  const runId = isOfRun(address.entity) ? address.key : text('runId');
  if (runId !== null) return { kind: 'commit', found, runId, effectId: text('effectId') };
  const inputId = text('inputId');
  return inputId === null ? { because: `The ${found} belongs to no run.` } : { ...inputSubject(inputId, found), kind: 'commit' };
}

/** All commits that the answer about a run is made of. @param known the id of what came in, for when no run names it yet */
export async function readTrail(log: EventLog, runId: string, known: string | null): Promise<Trail> {
  const episode = await log.episode(runId);
  const inputId = inputOf(seenIn(episode)) ?? known;
  const [agent] = only<HoldEvent, 'governance.hold.granted'>(seenIn(episode), 'governance.hold.granted').map(({ event }) => event.data.agent);
  const [intake, request, policies, definitions, admitted] = await Promise.all([
    inputId === null ? [] : log.history({ context: 'connectors', entity: 'intake', key: inputId }),
    inputId === null ? [] : log.history({ context: 'orchestrator', entity: 'request', key: inputId }),
    log.history({ context: 'governance', entity: 'policy', key: 'company' }),
    agent === undefined ? [] : log.history({ context: 'governance', entity: 'definition', key: agent }),
    admissionOf(log, runId, episode),
  ]);
  return { runId, intake, request, episode, policies, definitions, ...admitted };
}

async function admissionOf(log: EventLog, runId: string, episode: readonly Commit[]): Promise<Pick<Trail, 'reservation' | 'budgetLines' | 'ledger'>> {
  const seen = seenIn(episode);
  const [granted] = only<HoldEvent, 'governance.hold.granted'>(seen, 'governance.hold.granted');
  if (granted === undefined) return { reservation: null, budgetLines: null };
  const [requested] = only<RunEvent, 'orchestrator.run.requested'>(seen, 'orchestrator.run.requested');
  return findReservation(log, runId, (requested ?? granted).commit.at, granted.commit.at);
}
