/** An effect has an outcome, or was refused: the run goes on with it. */
import type { AnyEvent, EffectEvent, EffectLine, GateEvent } from '@soloist/contracts';
import { isErased, sha256Hex, type EventLog } from '@soloist/eventlog';
import { canonicalJson } from '@soloist/kernel';
import { reactor, type Work } from '@soloist/service';
import { editIn } from '../domain/edit.js';
import { observationOf, type OutcomeEvent } from '../domain/outcome.js';
import { advance } from '../loop/advance.js';
import type { Observation } from '../domain/loop.js';
import { loopEntity } from '../entities.js';
import type { RuntimePorts } from '../ports/runtime.ports.js';

export const observeEffect = reactor<RuntimePorts, OutcomeEvent, OutcomeEvent['type']>({
  name: 'observe-effect',
  on: ['connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.refused', 'governance.gate.refused'],
  react: async ({ event, commit }, work) => {
    const observation = observationOf(readable(event), tableIn(commit.events));
    if (observation === null) return;
    const runId = commit.address.key;
    const { effectId } = event.data;
    const table = tableIn(commit.events);
    const mayBeEdited = table.some((line) => line.effectId === effectId && line.effectClass !== 'read-only' && !isAsAsked(line, runId, work));
    const edit = mayBeEdited ? await editOf(work.log, runId, effectId) : null;
    await advance(work, runId, { kind: 'observed', effectId, observation: edit === null ? observation : { ...observation, detail: { ...observation.detail, ...edit } } });
  },
});

/** A receipt whose person was erased is gone; that the effect succeeded is not. */
function readable(event: OutcomeEvent): OutcomeEvent {
  return event.type === 'connectors.effect.succeeded' && isErased(event.data.receipt) ? { ...event, data: { ...event.data, receipt: {} } } : event;
}

/** Every commit of the effect entity carries the run's effect table. */
function tableIn(events: readonly AnyEvent[]): readonly EffectLine[] {
  return (events as readonly EffectEvent[]).flatMap((event) => (event.type === 'connectors.effect.snapshotted' ? event.data.lines : []));
}

/** An edit changes the digest, and what was asked for never changes: with one and the same digest nothing was edited. */
function isAsAsked(line: EffectLine, runId: string, { remembered }: Work<RuntimePorts>): boolean {
  const asked = remembered?.(loopEntity, runId)?.state.calls.find(({ effectId }) => effectId === line.effectId);
  return asked !== undefined && sha256Hex(canonicalJson({ action: asked.tool, args: asked.args })) === line.digest;
}

/** The agent is told what the operator let out in place of what it asked for. */
async function editOf(log: EventLog, runId: string, effectId: string): Promise<Observation['detail'] | null> {
  const commits = await log.read({ context: 'governance', entity: 'gate', key: runId });
  return editIn(commits.flatMap((commit) => commit.events) as readonly GateEvent[], effectId);
}
