/** Reads everything a card needs: the run's episode, what set it off, and how like gates were decided before. */
import type { RunEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { gateCardOf } from './gate-card.js';
import { runOfGate } from './gate-decisions.js';
import type { GateCard } from './gate-schemas.js';
import type { Surroundings } from './surroundings.js';

/** Of fewer decisions nobody can say how likely the next is. */
const FEWEST_DECISIONS = 10;
const MOST_DECISIONS = 500;

export async function readGateCard({ log, view }: Pick<Surroundings, 'log' | 'view'>, gateId: string): Promise<GateCard | null> {
  const episode = await log.episode(runOfGate(gateId));
  if (!episode.some(({ address }) => address.entity === 'gate')) return null;
  const card = gateCardOf(gateId, episode, { trigger: await triggerOf(log, episode), confidence: unknown });
  return card === null ? null : { ...card, confidence: await confidenceIn(view, card) };
}

const unknown: GateCard['confidence'] = { decisions: 0, approvedUnchanged: 0, share: null };

async function triggerOf(log: Surroundings['log'], episode: readonly Commit[]): Promise<Commit | null> {
  const requested = (episode.flatMap((commit) => commit.events) as readonly RunEvent[]).find((event) => event.type === 'orchestrator.run.requested');
  return requested?.type === 'orchestrator.run.requested' ? log.head({ context: 'connectors', entity: 'intake', key: requested.data.inputId }) : null;
}

/** Decisions about the same action that were made before this gate opened: a later look at the card says the same. */
async function confidenceIn(view: Surroundings['view'], { action, openedAt }: GateCard): Promise<GateCard['confidence']> {
  await view.refresh();
  const like = { limit: MOST_DECISIONS, action, isNewestFirst: true };
  const decided = (await Promise.all([view.gates({ ...like, state: 'approved' }), view.gates({ ...like, state: 'rejected' })])).flat().filter(({ decidedAt }) => decidedAt !== null && decidedAt < openedAt);
  const approvedUnchanged = decided.filter(({ state, isEdited }) => state === 'approved' && !isEdited).length;
  return { decisions: decided.length, approvedUnchanged, share: decided.length < FEWEST_DECISIONS ? null : approvedUnchanged / decided.length };
}
