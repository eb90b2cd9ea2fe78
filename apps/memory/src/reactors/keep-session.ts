import type { EffectEvent, IntakeEvent, LoopEvent } from '@soloist/contracts';
import { reactor, type Work } from '@soloist/service';
import type { MemoryPorts } from '../ports/memory-ports.js';
import { addTurn } from './session-store.js';

type Spoken = IntakeEvent | EffectEvent;

/** Keeps the last turns of the conversation with a data subject at hand: what came in, and what we did. */
export const keepSession = reactor<MemoryPorts, Spoken, 'connectors.intake.input-received' | 'connectors.effect.succeeded'>({
  name: 'keep-session',
  on: ['connectors.intake.input-received', 'connectors.effect.succeeded'],
  react: async (recorded, work) => {
    const { event, commit, id: source } = recorded;
    const isInput = event.type === 'connectors.intake.input-received';
    const text = isInput ? spokenText(event.data) : await actedText(commit.address.key, event.data.effectId, work);
    if (text === null) return;
    const { dataSubject } = event.data;
    const turn = { role: isInput ? 'client' : 'agent', text, source, at: commit.at } as const;
    await work.ports.inTurn(dataSubject, () => addTurn(work.working, dataSubject, turn));
  },
});

/** Null when the data subject was erased: there is no text, and nothing may be stored. */
function spokenText(said: { readonly subject: unknown; readonly text: unknown }): string | null {
  if (typeof said.subject !== 'string' || typeof said.text !== 'string') return null;
  return [said.subject, said.text].filter((part) => part.trim() !== '').join('\n');
}

/** What was done stands in the run that asked for it; the effect's own events carry its digest only. */
async function actedText(runId: string, effectId: string, work: Work<MemoryPorts>): Promise<string | null> {
  const commits = await work.log.read({ context: 'runtime', entity: 'loop', key: runId });
  const asked = commits
    .flatMap((commit) => commit.events as readonly LoopEvent[])
    .find((event) => event.type === 'runtime.loop.effect-requested' && event.data.effectId === effectId);
  if (asked?.type !== 'runtime.loop.effect-requested') return null;
  const args: Readonly<Record<string, unknown>> | null = asked.data.args;
  const words = [args?.['subject'], args?.['text'] ?? args?.['body']].filter((part) => typeof part === 'string');
  return words.length === 0 ? null : `${asked.data.action}: ${words.join('\n')}`;
}
