/** The card of a gate, from the run's history alone: it can be shown again, exactly so, years later. */
import type { GateEvent, HoldEvent, LoopEvent, RecallEvent } from '@soloist/contracts';
import { isErased, type Commit } from '@soloist/eventlog';
import { evolveGates, noGates } from '../domain/gate-state.js';
import type { GateCard } from './schemas.js';

type EpisodeEvent = GateEvent | LoopEvent | RecallEvent | HoldEvent;

export function gateCardOf(gateId: string, episode: readonly Commit[]): GateCard | null {
  const gates = (episode.flatMap((commit) => (commit.address.entity === 'gate' ? commit.events : [])) as readonly GateEvent[]).reduce(evolveGates, noGates);
  const record = gates.gates.get(gateId);
  const opening = episode.find((commit) => (commit.events as readonly EpisodeEvent[]).some((event) => event.type === 'governance.gate.opened' && event.data.gateId === gateId));
  if (record === undefined || opening === undefined) return null;
  const { card, standing, decidedBy, isAuthorized } = record;
  const { kind, action, args, effectClass, reasons, digest, effectId, generation, policyVersion, expiresAt } = card;
  const before = episode.filter((commit) => commit.position.sequence <= opening.position.sequence).flatMap((commit) => commit.events) as readonly EpisodeEvent[];
  const grant = before.find((event) => event.type === 'governance.hold.granted')?.data;
  return {
    ...{ gateId, kind, action, args, effectClass, digest, effectId, generation, policyVersion, expiresAt, isAuthorized },
    runId: opening.address.key,
    agent: grant?.agent ?? null,
    state: standing,
    to: recipientsIn(args),
    why: reasons,
    sources: sourcesIn(before),
    costMicros: before.reduce((sum, event) => sum + (event.type === 'runtime.loop.model-answered' ? event.data.costMicros : 0), 0),
    currency: grant?.currency ?? null,
    openedAt: opening.at,
    undo: undoText(action),
    decidedBy: decidedBy === null ? null : { by: decidedBy.by, surface: decidedBy.surface },
  };
}

/** Whoever an action reaches, as far as its arguments say so. */
function recipientsIn(args: unknown): string[] {
  if (isErased(args)) return [];
  const fields = args as Readonly<Record<string, unknown>>;
  return ['to', 'cc', 'bcc'].flatMap((field) => [fields[field] ?? []].flat()).map((one) => (typeof one === 'string' ? one : String((one as { address?: unknown }).address ?? JSON.stringify(one))));
}

/** What the run had recalled when it asked: facts with their spans. An erased person's are gone. */
function sourcesIn(events: readonly EpisodeEvent[]): GateCard['sources'] {
  return events.flatMap((event) => (event.type === 'memory.recall.answered' && !isErased(event.data.facts) ? event.data.facts : []));
}

function undoText(action: string): string {
  if (action === 'mail.send') return 'A mail that has been handed over cannot be called back. A correction is another mail.';
  return 'No way to undo this action is known. Treat it as final.';
}
