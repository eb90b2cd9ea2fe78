/** An event for a run that waits for it, or will. */
import { DeliverEvent, type ProgramEvent } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { advanceProgram, withTakers } from '../program/advance-program.js';
import { carry } from '../program/carried.js';
import { commandBody } from '../program/command-body.js';
import { programEntity } from '../program/program-state.js';

export const deliverEvent: CommandReactor<RuntimePorts> = {
  name: 'deliver-event',
  on: 'runtime.loop.deliver-event',
  react: async (command, work) => {
    const { eventId, name, payload } = commandBody(DeliverEvent, command);
    const runId = command.address.key;
    const dataSubject = (await work.load(programEntity, runId)).state.begun?.dataSubject;
    const carried = dataSubject === undefined ? null : (await carry(work.log, payload, dataSubject)).carried;
    await advanceProgram(work, {
      runId,
      isWish: true,
      isKnown: (state) => state.eventIds.has(eventId),
      facts: (state) => {
        if (dataSubject === undefined || carried === null) return null;
        const received: ProgramEvent = { type: 'runtime.loop.event-received', data: { eventId, name, ...carried, dataSubject } };
        return withTakers(state, [received]);
      },
      settles: null,
    });
  },
};
