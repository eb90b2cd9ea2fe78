/**
 * G10 nothing is written under an epoch but the latest · R5 no model call without its claim on the log, and no bill
 * above what was claimed
 */
import type { LoopEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { runIdOf } from '../world/inbox.js';
import type { Charge } from '../world/scripted-model.js';
import { isProgramEvent } from './program.watch.js';
import { eventsOf, hold, type Watch } from './watch.js';

interface Run {
  epoch: number;
  envelopeMicros: number;
  asks: { askId: string; ceilingMicros: number }[];
  answered: Set<string>;
  finished: { spentMicros: number } | null;
  calls: number;
  billMicros: number;
}

export class LoopWatch implements Watch {
  readonly name = 'G10 R5 loop';
  readonly runs = new Map<string, Run>();

  onCommit(commit: Commit): void {
    if (commit.address.entity !== 'loop') return;
    for (const event of eventsOf<LoopEvent>(commit)) if (!isProgramEvent(event.type)) this.#on(commit.address.key, event);
  }

  onCharged({ mail, micros }: Charge): void {
    const run = this.#of(runIdOf(mail));
    run.calls += 1;
    run.billMicros += micros;
    hold(run.calls <= run.asks.length, `the model was called ${run.calls} times for mail ${mail}, ${run.asks.length} claims are on the log`);
    hold(run.billMicros <= run.envelopeMicros, `mail ${mail} has cost ${run.billMicros} of an envelope of ${run.envelopeMicros}`);
    if (run.finished !== null) hold(run.billMicros <= run.finished.spentMicros, `mail ${mail} has cost ${run.billMicros}, booked were ${run.finished.spentMicros}`);
  }

  #on(runId: string, event: LoopEvent): void {
    const run = this.#of(runId);
    hold(run.finished === null, `${event.type} of run ${runId} after its end`);
    switch (event.type) {
      case 'runtime.loop.claimed':
        hold(event.data.epoch === run.epoch + 1, `run ${runId} goes from epoch ${run.epoch} to ${event.data.epoch}`);
        run.epoch = event.data.epoch;
        run.envelopeMicros = event.data.envelopeMicros;
        return;
      case 'runtime.loop.model-asked': {
        const { askId, epoch, ceilingMicros } = event.data;
        hold(epoch === run.epoch, `run ${runId} asked in epoch ${epoch}, the claim stands at ${run.epoch}`);
        run.asks.push({ askId, ceilingMicros });
        return;
      }
      case 'runtime.loop.model-answered':
      case 'runtime.loop.model-failed':
        hold(run.asks.at(-1)?.askId === event.data.askId, `run ${runId} has an answer to ${event.data.askId}, which is not its latest ask`);
        hold(!run.answered.has(event.data.askId), `ask ${event.data.askId} was answered twice`);
        run.answered.add(event.data.askId);
        return;
      case 'runtime.loop.effect-requested':
        hold(event.data.epoch === run.epoch, `run ${runId} asked for an effect in epoch ${event.data.epoch}, the claim stands at ${run.epoch}`);
        return;
      case 'runtime.loop.finished':
        run.finished = event.data;
        hold(event.data.spentMicros <= run.envelopeMicros, `run ${runId} spent ${event.data.spentMicros} of ${run.envelopeMicros}`);
        hold(run.billMicros <= event.data.spentMicros, `run ${runId} has cost ${run.billMicros}, and says ${event.data.spentMicros}`);
        return;
      case 'runtime.loop.recall-requested':
      case 'runtime.loop.effect-observed':
      case 'runtime.loop.suspended':
    }
  }

  #of(runId: string): Run {
    const run = this.runs.get(runId) ?? { epoch: 0, envelopeMicros: 0, asks: [], answered: new Set(), finished: null, calls: 0, billMicros: 0 };
    this.runs.set(runId, run);
    return run;
  }
}
