/** Somebody wants a program to run. */
import { StartProgram, type ProgramEvent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import type { RuntimePorts } from '../ports/runtime.ports.js';
import { advanceProgram } from '../program/advance-program.js';
import { carry } from '../program/carried.js';
import { commandBody } from '../program/command-body.js';

export const startProgram: CommandReactor<RuntimePorts> = {
  name: 'start-program',
  on: 'runtime.loop.start-program',
  mayOvertake: true,
  react: async (command, work) => {
    const { program, version, input, dataSubject } = commandBody(StartProgram, command);
    const runId = command.address.key;
    const found = work.ports.programs?.find(program, version) ?? null;
    if (found === null) throw new Fault('transient', 'program.unknown', `This worker has no program ${program} ${version ?? ''}. Register it; the command waits until then.`, { retryAfterMs: 30_000 });
    const { carried } = await carry(work.log, input, dataSubject);
    const started: ProgramEvent = { type: 'runtime.loop.program-started', data: { runId, program, version: found.version, ...carried, parent: null, dataSubject } };
    await advanceProgram(work, { runId, isWish: true, isFirst: work.deliveryCount === 1, isKnown: (state) => state.begun !== null, facts: () => [started], settles: null });
  },
};
