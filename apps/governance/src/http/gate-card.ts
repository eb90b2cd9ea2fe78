/**
 * The card of a gate, from the run's history: it can be shown again, exactly so, years later. What it says about the
 * action is read from the arguments the digest covers, never from a model's words.
 */
import type { GateEvent, HoldEvent, IntakeEvent, JudgedFacts, LoopEvent, RecallEvent } from '@soloist/contracts';
import { isErased, type Commit } from '@soloist/eventlog';
import { changedFields } from '../domain/gate-edit.js';
import { evolveGates, noGates, type GateRecord } from '../domain/gate-state.js';
import type { GateCard } from './gate-schemas.js';
import { receiptsIn, sentencesOf } from './gate-sources.js';
import { attachmentsIn, badgesOf, recipientsIn, undoOf, whatOf } from './gate-words.js';

type EpisodeEvent = GateEvent | LoopEvent | RecallEvent | HoldEvent;
type Judged = Extract<GateEvent, { type: 'governance.gate.judged' }>['data'];

/** What the run's own episode does not hold. */
export interface Beside {
  /** What came in and set the run off. */
  readonly trigger: Commit | null;
  readonly confidence: GateCard['confidence'];
}

export function gateCardOf(gateId: string, episode: readonly Commit[], beside: Beside): GateCard | null {
  const gates = (episode.flatMap((commit) => (commit.address.entity === 'gate' ? commit.events : [])) as readonly GateEvent[]).reduce(evolveGates, noGates);
  const record = gates.gates.get(gateId);
  const opening = episode.find((commit) => (commit.events as readonly EpisodeEvent[]).some((event) => event.type === 'governance.gate.opened' && event.data.gateId === gateId));
  if (record === undefined || opening === undefined) return null;
  const { card, standing, decidedBy, isAuthorized, reminders, isEscalated, snoozedUntil } = record;
  const { kind, action, args, effectClass, reasons, digest, effectId, generation, policyVersion, expiresAt } = card;
  const before = episode.filter((commit) => commit.position.sequence <= opening.position.sequence).flatMap((commit) => commit.events) as readonly EpisodeEvent[];
  const grant = before.find((event) => event.type === 'governance.hold.granted')?.data;
  const sources = sourcesIn(before);
  const to = recipientsIn(args);
  return {
    ...{ gateId, kind, action, args, effectClass, digest, effectId, generation, policyVersion, expiresAt, isAuthorized, to, sources, reminders, isEscalated, snoozedUntil },
    runId: opening.address.key,
    agent: grant?.agent ?? null,
    state: standing,
    what: whatOf(card, to),
    attachments: attachmentsIn(args),
    why: reasons,
    badges: badgesOf(card, judgedIn(before, effectId)),
    trigger: triggerOf(beside.trigger),
    agentSays: saidBeside(before, effectId),
    sentences: sentencesOf(textIn(args), [...sources.map(textOf), triggerText(beside.trigger)], receiptsIn(before)),
    costMicros: before.reduce((sum, event) => sum + (event.type === 'runtime.loop.model-answered' ? event.data.costMicros : 0), 0),
    currency: grant?.currency ?? null,
    confidence: beside.confidence,
    openedAt: opening.at,
    undo: undoOf(action, effectClass),
    decidedBy: decidedBy === null ? null : { by: decidedBy.by, surface: decidedBy.surface },
    edit: editOf(record),
  };
}

function editOf({ card, edit }: GateRecord): GateCard['edit'] {
  if (edit === null) return null;
  const isGone = isErased(edit.args) || isErased(card.args);
  return { digest: edit.digest, fields: isGone ? [] : changedFields(card.args, edit.args), args: edit.args };
}

function judgedIn(events: readonly EpisodeEvent[], effectId: string): { readonly trust: Judged['trust']; readonly facts: JudgedFacts | null } | null {
  const judged = events.find((event) => event.type === 'governance.gate.judged' && event.data.effectId === effectId);
  return judged?.type === 'governance.gate.judged' ? { trust: judged.data.trust, facts: judged.data.facts ?? null } : null;
}

/** What the run had recalled when it asked: facts with their spans. An erased person's are gone. */
function sourcesIn(events: readonly EpisodeEvent[]): GateCard['sources'] {
  return events.flatMap((event) => (event.type === 'memory.recall.answered' && !isErased(event.data.facts) ? event.data.facts : []));
}

/** The answer that asked for this effect may hold words beside the call. */
function saidBeside(events: readonly EpisodeEvent[], effectId: string): string | null {
  const asking = events.findIndex((event) => event.type === 'runtime.loop.effect-requested' && event.data.effectId === effectId);
  const answer = events.slice(0, Math.max(asking, 0)).findLast((event) => event.type === 'runtime.loop.model-answered');
  if (answer?.type !== 'runtime.loop.model-answered' || isErased(answer.data.text)) return null;
  return answer.data.text.trim() === '' ? null : answer.data.text;
}

function inputIn(commit: Commit | null): IntakeEvent['data'] | null {
  return (commit?.events as readonly IntakeEvent[] | undefined)?.find((event) => event.type === 'connectors.intake.input-received')?.data ?? null;
}

function triggerOf(commit: Commit | null): GateCard['trigger'] {
  const input = inputIn(commit);
  if (commit === null || input === null || isErased(input.from) || isErased(input.subject)) return null;
  const { name, address } = input.from;
  return { from: name === '' ? address : `${name} <${address}>`, subject: input.subject, receivedAt: commit.at };
}

/** Numbered after the recalled facts. */
function triggerText(commit: Commit | null): string {
  const input = inputIn(commit);
  return input === null || isErased(input.text) || isErased(input.subject) ? '' : `${input.subject}\n${input.text}`;
}

function textIn(args: unknown): string {
  const text = isErased(args) ? undefined : (args as Readonly<Record<string, unknown>>)['text'];
  return typeof text === 'string' ? text : '';
}

function textOf(source: unknown): string {
  const text = (source as { readonly text?: unknown } | null)?.text;
  return typeof text === 'string' ? text : '';
}
