/**
 * What a package says of one act, from the chain that `soloist why` tells (governance/src/why): the same links, each with
 * the place and hash of its commit, and the figures that follow from them.
 *
 * I1 nothing is said that the commits named do not say in clear: the verifier tells it again from them
 * I2 a link that is missing on the log, or does not fit, is said to be so
 */
import type { AnyEvent, EffectEvent, GateEvent, HoldEvent, LoopEvent } from '@soloist/contracts';
import { isErased, type CarriedCommit, type Position } from '@soloist/eventlog';
import { seenIn, whyOf, type Seen, type Trail, type WhyLine } from '@soloist/governance';
import { commitHash } from '@soloist/eventlog/verify';
import { AUDITED_FIELDS } from './audited-fields.js';
import { eventsIn } from './stored-event.js';
import type { FoundAct } from './find-acts.js';

export interface ActLink {
  readonly step: string;
  readonly stream: string;
  readonly sequence: number;
  readonly hash: string;
  /** Of the event in its commit. */
  readonly index: number;
  readonly event: string;
  readonly at: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Arguments in clear; null: their person was erased. */
export interface OpenedArguments {
  readonly generation: number;
  readonly args: Readonly<Record<string, unknown>> | null;
}

export interface ActStatement {
  readonly type: 'soloist.audit.act';
  readonly number: number;
  readonly effectId: string;
  readonly runId: string;
  /** When it was first attempted. RFC 3339, UTC. */
  readonly at: string | null;
  readonly action: string | null;
  readonly effectClass: string | null;
  readonly requestedDigest: string | null;
  /** Of what was authorized last, which an edit changes. */
  readonly digest: string | null;
  readonly generations: readonly number[];
  readonly policy: { readonly version: string; readonly verdict: string; readonly code: string | null; readonly reasons: readonly string[] } | null;
  readonly decisions: readonly { readonly at: string; readonly gateId: string; readonly decision: string; readonly by: string; readonly surface: string; readonly digest: string }[];
  readonly outcome: string;
  /** What led to it. */
  readonly cost: { readonly modelCalls: number; readonly micros: number; readonly currency: string | null };
  readonly budget: { readonly day: string; readonly micros: number; readonly currency: string; readonly lines: Trail['budgetLines'] } | null;
  readonly links: readonly ActLink[];
  readonly missing: readonly { readonly step: string; readonly standing: string }[];
  readonly opened: readonly OpenedArguments[] | null;
}

/** Says a person's words, which no link may. */
const WORDS: readonly string[] = ['source', 'draft'];

export async function statementOf(trail: Trail, { effectId, runId }: FoundAct, number: number, carry: (position: Position) => Promise<CarriedCommit | null>, opened: readonly OpenedArguments[] | null): Promise<ActStatement> {
  const lines = whyOf(trail, effectId);
  const episode = seenIn(trail.episode);
  const own = episode.filter(({ event }) => (event.data as { readonly effectId?: unknown }).effectId === effectId);
  const links = await linksOf(lines, { effectId, runId }, carry);
  return {
    ...{ type: 'soloist.audit.act' as const, number, effectId, runId },
    ...askedFor(own),
    ...decidedAbout(episode, own),
    ...doneAbout(own),
    cost: costOf(episode, own),
    budget: budgetOf(trail, runId),
    links,
    missing: lines.filter(({ standing }) => standing === 'missing' || standing === 'mismatch').map(({ step, standing }) => ({ step, standing })),
    opened,
  };
}

/** The arguments of each authorization of an act, from a log that was opened with keys. */
export function argumentsOf({ episode }: Pick<Trail, 'episode'>, effectId: string): readonly OpenedArguments[] {
  const authorized = of<GateEvent, 'governance.gate.authorized'>(seenIn(episode), 'governance.gate.authorized').filter(({ event }) => event.data.effectId === effectId);
  return authorized.map(({ event: { data } }) => ({ generation: data.generation, args: isErased(data.args) ? null : data.args }));
}

type Own = readonly Seen[];

function of<E extends AnyEvent, T extends E['type']>(seen: Own, ...types: readonly T[]): readonly Seen<Extract<E, { type: T }>>[] {
  return seen.filter(({ event }) => (types as readonly string[]).includes(event.type)) as unknown as readonly Seen<Extract<E, { type: T }>>[];
}

function askedFor(own: Own): Pick<ActStatement, 'action' | 'effectClass' | 'requestedDigest'> {
  const data = of<LoopEvent, 'runtime.loop.effect-requested'>(own, 'runtime.loop.effect-requested')[0]?.event.data;
  return { action: data?.action ?? null, effectClass: data?.effectClass ?? null, requestedDigest: data?.digest ?? null };
}

function decidedAbout(episode: Own, own: Own): Pick<ActStatement, 'policy' | 'decisions' | 'digest'> {
  const judged = of<GateEvent, 'governance.gate.judged'>(own, 'governance.gate.judged')[0]?.event.data;
  const gates = of<GateEvent, 'governance.gate.opened'>(own, 'governance.gate.opened').map(({ event }) => event.data.gateId);
  const decided = of<GateEvent, 'governance.gate.decided'>(episode, 'governance.gate.decided').filter(({ event }) => gates.includes(event.data.gateId));
  return {
    policy: judged === undefined ? null : { version: judged.policyVersion, verdict: judged.verdict, code: judged.code ?? null, reasons: judged.reasons },
    decisions: decided.map(({ commit, event: { data } }) => ({ at: commit.at, gateId: data.gateId, decision: data.decision, by: data.by, surface: data.surface, digest: data.digest })),
    digest: of<GateEvent, 'governance.gate.authorized'>(own, 'governance.gate.authorized').at(-1)?.event.data.digest ?? null,
  };
}

function doneAbout(own: Own): Pick<ActStatement, 'at' | 'generations' | 'outcome'> {
  const attempts = of<EffectEvent, 'connectors.effect.attempted'>(own, 'connectors.effect.attempted');
  const last = of<EffectEvent, EffectEvent['type']>(own, 'connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.unknown', 'connectors.effect.refused').at(-1);
  return {
    at: attempts[0]?.commit.at ?? null,
    generations: [...new Set(attempts.map(({ event }) => event.data.generation))].sort((left, right) => left - right),
    outcome: last === undefined ? 'open' : last.event.type.slice(last.event.type.lastIndexOf('.') + 1),
  };
}

function costOf(episode: Own, own: Own): ActStatement['cost'] {
  const until = of<LoopEvent, 'runtime.loop.effect-requested'>(own, 'runtime.loop.effect-requested')[0]?.commit.position.sequence ?? Infinity;
  const answers = of<LoopEvent, 'runtime.loop.model-answered'>(episode, 'runtime.loop.model-answered').filter(({ commit }) => commit.position.sequence <= until);
  const [granted] = of<HoldEvent, 'governance.hold.granted'>(episode, 'governance.hold.granted');
  return { modelCalls: answers.length, micros: answers.reduce((sum, { event }) => sum + event.data.costMicros, 0), currency: granted?.event.data.currency ?? null };
}

function budgetOf({ reservation, budgetLines }: Trail, runId: string): ActStatement['budget'] {
  const reserved = (reservation?.events ?? []).find((event) => event.type === 'governance.budget.reserved' && (event.data as { readonly runId?: unknown }).runId === runId);
  if (reserved === undefined) return null;
  const { day, micros, currency } = reserved.data as { readonly day: string; readonly micros: number; readonly currency: string };
  return { day, micros, currency, lines: budgetLines };
}

async function linksOf(lines: readonly WhyLine[], which: Pick<FoundAct, 'effectId' | 'runId'>, carry: (position: Position) => Promise<CarriedCommit | null>): Promise<readonly ActLink[]> {
  const links = new Map<string, ActLink>();
  for (const { step, evidence } of lines) {
    if (evidence === null || WORDS.includes(step)) continue;
    const { stream, sequence, event, at } = evidence;
    const carried = await carry({ stream, sequence });
    if (carried === null) continue;
    const candidates = eventsIn(carried).filter(({ type, data }) => type === event && (data['effectId'] ?? which.effectId) === which.effectId && (data['runId'] ?? which.runId) === which.runId);
    const found = candidates.find(({ index }) => !links.has(`${step} ${stream}:${sequence}/${index}`));
    if (found === undefined) continue;
    const fields = Object.fromEntries((AUDITED_FIELDS[event] ?? []).filter((name) => found.data[name] !== undefined).map((name) => [name, found.data[name]]));
    const hash = commitHash({ subject: carried.subject, headers: carried.headers, body: Buffer.from(carried.body) });
    links.set(`${step} ${stream}:${sequence}/${found.index}`, { step, stream: `EVENTS-${stream}`, sequence, hash, index: found.index, event, at, fields });
  }
  return [...links.values()];
}
