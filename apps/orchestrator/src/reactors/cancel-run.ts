/**
 * Somebody wants a run to end, in whatever state it is.
 *
 * I1 asking again is another try: a run whose ending was lost on its way is ended by the next command
 */
import { CancelRun, type LoopEvent } from '@soloist/contracts';
import type { Command } from '@soloist/eventlog';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { cancelRun as cancel } from '../domain/run.js';
import { runEntity } from '../entities.js';
import type { OrchestratorPorts } from '../ports/rulebook.port.js';
import { orDeadLetter } from '../refusals.js';

export const cancelRun: CommandReactor<OrchestratorPorts> = {
  name: 'cancel-run',
  on: 'orchestrator.run.cancel',
  react: async (command, work) => {
    const { runId, by, because } = wishOf(command);
    const head = await work.head({ context: 'runtime', entity: 'loop', key: runId });
    const end = (head?.events as readonly LoopEvent[] | undefined)?.find((event) => event.type === 'runtime.loop.finished');
    const wish = { runId, commandId: command.id, by, because };
    // Two decisions of one command: a redelivery that finds the loop at its end closes what the first try only cancelled.
    const step = end === undefined ? 'cancel' : 'close';
    orDeadLetter(await work.commit(runEntity, runId, step, (state) => cancel(state, wish, end?.data.outcome ?? null), { actor: by }));
  },
};

/** @throws Fault invalid */
function wishOf(command: Command): CancelRun {
  const parsed = CancelRun.safeParse(command.body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Fault('invalid', 'command.invalid', `command ${command.id}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'breaks its contract'}`);
  }
  const { context, entity, key } = command.address;
  if (context !== 'orchestrator' || entity !== 'run' || key !== parsed.data.runId) {
    throw new Fault('invalid', 'command.misaddressed', `command ${command.id} names run ${parsed.data.runId}, but is addressed to ${context}.${entity}.${key}`);
  }
  return parsed.data;
}
