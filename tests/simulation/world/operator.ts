/**
 * The operator: looks at gates as they open and decides, sometimes twice, sometimes about the wrong action, sometimes
 * too late, sometimes never; and now and then stops the company.
 */
import { haltKeyOfStream, type GateEvent, type StreamCount } from '@soloist/contracts';
import { commitIdOf, type Commit, type LogConnection } from '@soloist/eventlog';
import { headOf } from '@soloist/service';
import type { Machine, Random } from '@soloist/testing';
import type { Swarm } from './swarm.js';

type Card = Extract<GateEvent, { type: 'governance.gate.opened' }>['data'];

const LATE_MS = 62 * 60_000;
const MOST_TRIES = 5;

export class Operator {
  /** Gates left for ever, from the start or after many tries: their runs wait for a human. */
  readonly left = new Set<string>();
  /** Runs that were to be ended by hand. */
  readonly cancelled = new Set<string>();
  readonly #cards = new Map<string, Card>();
  readonly #tries = new Map<string, number>();
  #commands = 0;

  constructor(
    private readonly machine: Machine,
    private readonly connection: LogConnection,
    private readonly random: Random,
    private readonly swarm: Swarm,
  ) {}

  watch(commit: Commit): void {
    if (commit.address.entity === 'run' && commit.events.some(({ type }) => type === 'orchestrator.run.requested')) this.#considerRun(commit.address.key);
    if (commit.address.entity !== 'gate') return;
    for (const event of commit.events as readonly GateEvent[]) {
      if (event.type === 'governance.gate.opened') this.#consider(event.data, commit.address.key);
      if (event.type === 'governance.gate.decision-refused' && event.data.code !== 'gate.expired') this.#reconsider(event.data, commit.address.key);
    }
  }

  /** Stops the company at a random moment and lets it go on. */
  async halt(generation: number): Promise<void> {
    const streams = this.connection.log.streams as StreamCount;
    const lastsMs = this.random.between(500, 20_000);
    for (let stream = 0; stream < streams; stream += 1) await this.#setStop(haltKeyOfStream(stream, streams), 'raised', generation);
    this.machine.post(lastsMs, () => {
      for (let stream = 0; stream < streams; stream += 1) void this.#setStop(haltKeyOfStream(stream, streams), 'lifted', generation);
    });
  }

  /** Now and then a run is ended by hand, before it has begun, in the middle of it, or when it is over. */
  #considerRun(runId: string): void {
    if (this.swarm.cancels === 0 || !this.random.chance(this.swarm.cancels)) return;
    this.cancelled.add(runId);
    const id = `cancel-${this.cancelled.size}`;
    const afterMs = this.random.between(0, 40_000);
    this.machine.post(afterMs, () => {
      const { log } = this.connection;
      void log.command({ context: 'orchestrator', entity: 'run', key: runId }, { id, actor: 'operator', body: { type: 'orchestrator.run.cancel', runId, by: 'operator', because: 'It goes nowhere.' } });
      void log.command({ context: 'runtime', entity: 'loop', key: runId }, { id: `${id}-look`, actor: 'operator', body: { type: 'runtime.loop.end-cancelled', runId } });
    });
  }

  #consider(card: Card, runId: string): void {
    const { operator } = this.swarm;
    this.#cards.set(card.gateId, card);
    if (this.random.chance(operator.never)) return void this.left.add(card.gateId);
    const afterMs = this.random.chance(operator.late) ? LATE_MS : this.random.between(50, 8_000);
    const decision = this.random.chance(operator.rejects) ? 'reject' : 'approve';
    if (this.random.chance(operator.wrongDigest)) this.#decide(card, runId, 'approve', afterMs / 2, 'f'.repeat(64));
    this.#decide(card, runId, decision, afterMs);
    if (!this.random.chance(operator.twice)) return;
    const isSameId = this.random.chance(0.5);
    const second = this.random.chance(0.5) ? 'approve' : 'reject';
    this.#decide(card, runId, isSameId ? decision : second, afterMs + this.random.between(0, 2_000), card.digest, isSameId ? this.#commands : undefined);
  }

  /** A decision that was not taken: try again, or give it up where it cannot be. */
  #reconsider({ gateId, code }: { gateId: string; code: string }, runId: string): void {
    const card = this.#cards.get(gateId);
    const tries = (this.#tries.get(gateId) ?? 0) + 1;
    this.#tries.set(gateId, tries);
    if (card === undefined || code === 'gate.digest-mismatch') return;
    // Who met a stop of the company so often lets it be: the gate stays open, and its run waits for a human.
    if (tries > MOST_TRIES) return void this.left.add(gateId);
    this.#decide(card, runId, code === 'effect.settled' ? 'reject' : 'approve', this.random.between(2_000, 20_000));
  }

  #decide(card: Card, runId: string, decision: 'approve' | 'reject', afterMs: number, digest = card.digest, number = (this.#commands += 1)): void {
    const body = { type: 'governance.gate.decide', runId, gateId: card.gateId, decision, digest, by: 'operator', surface: 'api', reason: null };
    const command = { id: `command-${number}`, actor: 'operator', body };
    this.machine.post(afterMs, () => void this.connection.log.command({ context: 'governance', entity: 'gate', key: runId }, command));
  }

  async #setStop(key: string, verb: 'raised' | 'lifted', generation: number): Promise<void> {
    const address = { context: 'governance', entity: 'halt', key } as const;
    const head = await this.connection.log.head(address);
    await this.connection.log.append({
      address,
      id: commitIdOf(`stop-${generation}`, verb, key),
      cause: null,
      actor: 'operator',
      policy: null,
      at: '2026-01-01T00:00:00.000Z',
      traceparent: null,
      events: [{ type: `governance.halt.${verb}`, data: { generation, by: 'operator', because: 'simulated' } }],
      after: head === null ? null : headOf(head),
      snapshot: false,
    });
  }
}
