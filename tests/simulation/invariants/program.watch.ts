/**
 * G3 G10 a step is claimed and ended by the present holder only, and ended once · G19 a timer is handled once and never
 * before it is due by the broker's clock · G9 G28 every program that was started ends, with what its record adds up to ·
 * G14 the code never does anything else than what is on record.
 */
import type { ProgramEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { programRunIdOf, type Executed, type ProgramCustomer } from '../world/programs.js';
import { eventsOf, hold, type Watch } from './watch.js';

interface Part {
  attempts: number;
  /** Completed, or failed for good. */
  isEnded: boolean;
}

interface ProgramOnRecord {
  epoch: number;
  parts: Map<string, Part>;
  armed: Map<string, { timerId: string; dueAt: string }>;
  fired: Set<string>;
  received: Set<string>;
  taken: Set<string>;
  childrenEnded: Set<string>;
  ended: string | null;
}

const OWN = /^runtime\.loop\.(program|step|timer|event|child)-|^runtime\.loop\.cancel-requested$/;

export function isProgramEvent(type: string): boolean {
  return OWN.test(type);
}

export class ProgramWatch implements Watch {
  readonly name = 'G10 G19 G28 programs';
  readonly programs = new Map<string, ProgramOnRecord>();
  stuck = 0;
  readonly #values = new Map<string, number>();
  readonly #executions = new Set<string>();

  constructor(
    private readonly customer: () => ProgramCustomer,
    /** Milliseconds since 1970 by the broker's clock. */
    private readonly now: () => number,
  ) {}

  onExecuted({ key, value }: Executed): void {
    const known = this.#values.get(key);
    hold(known === undefined || known === value, `the step ${key} ran with ${value} and with ${known ?? 0}`);
    this.#values.set(key, value);
    this.#executions.add(key);
  }

  onCommit(commit: Commit): void {
    if (commit.address.entity !== 'loop') return;
    for (const event of eventsOf<ProgramEvent>(commit)) if (isProgramEvent(event.type)) this.#on(commit.address.key, event);
  }

  atEnd(): void {
    for (const { number } of this.customer().errands) {
      const program = this.programs.get(programRunIdOf(number));
      if (program?.ended === undefined || program.ended === null) this.stuck += 1;
      hold(program !== undefined, `the program ${number} was asked for and never started`);
    }
    for (const [runId, { ended }] of this.programs) hold(ended !== null, `the program run ${runId} has not ended`);
  }

  #on(runId: string, event: ProgramEvent): void {
    const of = this.#of(runId);
    hold(of.ended === null, `${event.type} of program run ${runId} after its end`);
    switch (event.type) {
      case 'runtime.loop.program-claimed':
        hold(event.data.epoch === of.epoch + 1, `program run ${runId} goes from epoch ${of.epoch} to ${event.data.epoch}`);
        of.epoch = event.data.epoch;
        return;
      case 'runtime.loop.step-claimed': {
        const { path, epoch, attempt } = event.data;
        const part = of.parts.get(path) ?? { attempts: 0, isEnded: false };
        hold(epoch === of.epoch, `step ${path} of ${runId} was claimed in epoch ${epoch}, the claim stands at ${of.epoch}`);
        hold(!part.isEnded, `step ${path} of ${runId} was claimed after it had ended`);
        hold(attempt === part.attempts + 1, `step ${path} of ${runId} goes from attempt ${part.attempts} to ${attempt}`);
        of.parts.set(path, { attempts: attempt, isEnded: false });
        return;
      }
      case 'runtime.loop.step-completed':
        return this.#end(of, runId, event.data.path, true);
      case 'runtime.loop.step-failed':
        return this.#end(of, runId, event.data.path, event.data.isFinal);
      case 'runtime.loop.timer-armed':
        hold(!of.armed.has(event.data.path), `timer ${event.data.path} of ${runId} was armed twice`);
        of.armed.set(event.data.path, event.data);
        return;
      case 'runtime.loop.timer-fired': {
        const { path, timerId } = event.data;
        const armed = of.armed.get(path);
        hold(armed?.timerId === timerId, `timer ${path} of ${runId} fired and was never armed`);
        hold(!of.fired.has(path), `timer ${path} of ${runId} was handled twice`);
        hold(armed === undefined || this.now() >= Date.parse(armed.dueAt), `timer ${path} of ${runId} was handled before it was due`);
        of.fired.add(path);
        return;
      }
      case 'runtime.loop.event-received':
        hold(!of.received.has(event.data.eventId), `the event ${event.data.eventId} is on record twice`);
        of.received.add(event.data.eventId);
        return;
      case 'runtime.loop.event-taken':
        hold(of.received.has(event.data.eventId), `the event ${event.data.eventId} was taken and never came`);
        hold(!of.taken.has(event.data.eventId), `the event ${event.data.eventId} was taken twice`);
        of.taken.add(event.data.eventId);
        return;
      case 'runtime.loop.child-ended': {
        const { childRunId, outcome, path } = event.data;
        hold(!of.childrenEnded.has(path), `the child at ${path} of ${runId} ended twice`);
        hold(this.programs.get(childRunId)?.ended === outcome, `the child ${childRunId} is told to have ended ${outcome}, its own record says ${this.programs.get(childRunId)?.ended ?? 'nothing'}`);
        of.childrenEnded.add(path);
        return;
      }
      case 'runtime.loop.program-continued':
        Object.assign(of, { parts: new Map(), armed: new Map(), fired: new Set(), childrenEnded: new Set(), epoch: event.data.epoch });
        return;
      case 'runtime.loop.program-diverged':
        return hold(false, `the code of ${runId} does something else than its record at ${event.data.path}`);
      case 'runtime.loop.program-ended':
        hold(event.data.outcome === 'done' || this.customer().cancelled.size > 0, `the program run ${runId} ended ${event.data.outcome}, and nobody had cancelled anything`);
        of.ended = event.data.outcome;
        return;
      case 'runtime.loop.program-started':
      case 'runtime.loop.event-awaited':
      case 'runtime.loop.child-requested':
      case 'runtime.loop.program-suspended':
      case 'runtime.loop.cancel-requested':
    }
  }

  #end(of: ProgramOnRecord, runId: string, path: string, isEnded: boolean): void {
    const part = of.parts.get(path);
    hold(part !== undefined && !part.isEnded, `step ${path} of ${runId} ended twice, or was never claimed`);
    if (part !== undefined) part.isEnded = isEnded;
  }

  #of(runId: string): ProgramOnRecord {
    const known = this.programs.get(runId) ?? { epoch: 0, parts: new Map(), armed: new Map(), fired: new Set(), received: new Set(), taken: new Set(), childrenEnded: new Set(), ended: null };
    this.programs.set(runId, known);
    return known;
  }
}
