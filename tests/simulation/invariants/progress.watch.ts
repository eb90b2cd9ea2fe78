/**
 * G28 with the faults gone every run is closed or waits for a human · G9 no run is closed over an open effect.
 */
import type { RequestEvent, RunEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import { inputIdOf, runIdOf, type IncomingMail } from '../world/inbox.js';
import type { Operator } from '../world/operator.js';
import type { EffectWatch } from './effect.watch.js';
import type { GateWatch } from './gate.watch.js';
import { eventsOf, hold, type Watch } from './watch.js';

export class ProgressWatch implements Watch {
  readonly name = 'G28 G9 progress';
  readonly closed = new Set<string>();
  lastMs = 0;
  readonly #routed = new Map<string, string>();

  constructor(
    private readonly mails: readonly IncomingMail[],
    private readonly gates: GateWatch,
    private readonly effects: EffectWatch,
    private readonly operator: Operator,
  ) {}

  onCommit(commit: Commit): void {
    const { entity, key } = commit.address;
    if (entity === 'request') for (const event of eventsOf<RequestEvent>(commit)) if (event.type === 'orchestrator.request.routed') this.#routed.set(key, event.data.route.kind);
    if (entity !== 'run') return;
    for (const event of eventsOf<RunEvent>(commit)) {
      if (event.type !== 'orchestrator.run.closed') continue;
      hold(!this.closed.has(key), `run ${key} was closed twice`);
      this.closed.add(key);
      for (const [name, line] of this.effects.lines) hold(line.runId !== key || (line.state !== 'attempted' && line.state !== 'armed'), `run ${key} was closed over ${name}, which is ${line.state}`);
    }
  }

  atEnd(): void {
    for (const { number, isQuestion } of this.mails) {
      hold(this.#routed.has(inputIdOf(number)), `mail ${number} was not routed`);
      if (!isQuestion || this.closed.has(runIdOf(number))) continue;
      const waits = [...this.gates.open.values()].some(({ gateId }) => gateId.startsWith(`${runIdOf(number)}-g`) && this.operator.left.has(gateId));
      hold(waits, `the run of mail ${number} (${runIdOf(number)}) is neither closed nor waiting for a human`);
    }
  }
}
