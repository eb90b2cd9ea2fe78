/**
 * Somebody who claims a run anew at the worst moment, as an operator's intervention would: between an authorization and
 * the claim of its effect. Whatever was authorized under the old epoch is void from then on.
 */
import type { LoopEvent } from '@soloist/contracts';
import { commitIdOf, type Commit, type EventLog } from '@soloist/eventlog';
import { headOf } from '@soloist/service';
import type { Machine, Random } from '@soloist/testing';
import type { Swarm } from './swarm.js';

type Claimed = Extract<LoopEvent, { type: 'runtime.loop.claimed' }>;

const WAITING = ['runtime.loop.suspended', 'runtime.loop.claimed'];
/** How many hops an effect needs from its authorization to its claim, about. */
const HOPS = 14;

export class Successor {
  constructor(
    private readonly machine: Machine,
    private readonly log: EventLog,
    private readonly random: Random,
    private readonly swarm: Swarm,
  ) {}

  watch(commit: Commit): void {
    if (this.swarm.successions === 0 || commit.address.entity !== 'gate' || !commit.events.some(({ type }) => type === 'governance.gate.authorized')) return;
    if (!this.random.chance(this.swarm.successions)) return;
    const afterMs = this.random.between(0, HOPS * 2 * this.swarm.slowdown);
    this.machine.post(afterMs, () => void this.#claim(commit.address.key));
  }

  async #claim(runId: string): Promise<void> {
    const address = { context: 'runtime', entity: 'loop', key: runId } as const;
    const commits = await this.log.read(address);
    const head = commits.at(-1);
    const events = commits.flatMap((commit) => commit.events) as readonly LoopEvent[];
    const claimed = events.findLast((event): event is Claimed => event.type === 'runtime.loop.claimed');
    // A run with an open ask is taken over by its own delivery only.
    if (head === undefined || claimed === undefined || !WAITING.includes(events.at(-1)?.type ?? '')) return;
    await this.log.append({
      address,
      id: commitIdOf(head.id, 'successor', runId),
      cause: null,
      actor: 'operator',
      policy: null,
      at: head.at,
      traceparent: null,
      events: [{ type: 'runtime.loop.claimed', data: { ...claimed.data, epoch: claimed.data.epoch + 1 } }],
      after: headOf(head),
      snapshot: false,
    });
  }
}
