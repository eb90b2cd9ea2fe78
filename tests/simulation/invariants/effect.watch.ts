/**
 * G8 a mail is accepted at most once for each generation, only after its claim, only as authorized · G10 no claim under an
 * old epoch · G25 nothing is armed while the company is stopped · and what the log says of an effect is true: each table
 * it carries holds everything that was said before it.
 */
import type { ArmingEvent, EffectEvent, EffectLine, HaltEvent, LoopEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { Accepted, MailWorld } from '../world/mail-world.js';
import type { GateWatch } from './gate.watch.js';
import type { LoopWatch } from './loop.watch.js';
import { eventsOf, hold, type Watch } from './watch.js';

export class EffectWatch implements Watch {
  readonly name = 'G8 G10 G25 effects';
  /** By idempotency key. */
  readonly lines = new Map<string, { state: EffectLine['state']; digest: string; runId: string }>();
  unknown = 0;
  /** Mails that the log says were sent and that nobody got. */
  lost = 0;
  readonly #armed = new Set<string>();
  readonly #usedNonces = new Set<string>();
  readonly #stopped = new Set<number>();
  readonly #observed = new Map<string, string>();

  constructor(
    private readonly gates: GateWatch,
    private readonly loops: LoopWatch,
    private readonly mail: MailWorld,
  ) {}

  onCommit(commit: Commit): void {
    const { entity } = commit.address;
    if (entity === 'halt') for (const event of eventsOf<HaltEvent>(commit)) this.#onHalt(event, commit);
    if (entity === 'arming') for (const event of eventsOf<ArmingEvent>(commit)) this.#onArmed(event, commit);
    if (entity === 'effect') for (const event of eventsOf<EffectEvent>(commit)) this.#onEffect(event, commit);
    if (entity === 'loop') for (const event of eventsOf<LoopEvent>(commit)) if (event.type === 'runtime.loop.effect-observed') this.#observed.set(event.data.effectId, event.data.outcome);
  }

  onAccepted({ key, digest }: Accepted): void {
    const line = this.lines.get(key);
    hold(this.mail.arrivedUnder(key).length === 1, `the mail ${key} was accepted ${this.mail.arrivedUnder(key).length} times`);
    hold(this.#armed.has(key), `the mail ${key} was accepted and is not armed on the log`);
    hold(line?.digest === digest, `the mail ${key} that was accepted is not the one authorized`);
    hold(line?.state !== 'failed', `the mail ${key} was accepted, the log says it failed`);
  }

  atEnd(): void {
    // Also of a run that was ended by hand while a mail was on its way: what was begun has an end on record.
    for (const [key, { state }] of this.lines) hold(state !== 'attempted', `everything is at rest and ${key} is still ${state}`);
    for (const [effectId, outcome] of this.#observed) {
      const keys = [...this.lines.keys()].filter((key) => key.startsWith(`${effectId}-g`));
      const arrived = keys.filter((key) => this.mail.arrivedUnder(key).length > 0).length;
      if (outcome === 'succeeded') hold(arrived > 0, `effect ${effectId} was observed as succeeded, no mail arrived`);
      if (outcome === 'refused' || outcome === 'failed') hold(arrived === 0, `effect ${effectId} was observed as ${outcome}, ${arrived} mails arrived`);
    }
  }

  #onHalt(event: HaltEvent, { position }: Commit): void {
    if (event.type === 'governance.halt.raised') this.#stopped.add(position.stream);
    else this.#stopped.delete(position.stream);
  }

  /** It may land late, behind an outcome (ADR 0006): it changes nothing; whether its worker then sends is seen at the mail. */
  #onArmed({ data }: ArmingEvent, { position }: Commit): void {
    const key = `${data.effectId}-g${data.generation}`;
    hold(this.lines.has(key), `${key} was armed and never attempted`);
    hold(!this.#armed.has(key), `${key} was armed twice`);
    hold(!this.#stopped.has(position.stream), `${key} was armed while the company was stopped`);
    this.#armed.add(key);
  }

  #onTable(table: readonly EffectLine[], runId: string): void {
    const said = [...this.lines].filter(([, line]) => line.runId === runId).map(([key, { state }]) => `${key} ${state}`);
    const told = table.map(({ idempotencyKey, state }) => `${idempotencyKey} ${state}`);
    hold(said.join() === told.join(), `the table of run ${runId} says ${told.join()}, its history ${said.join()}`);
  }

  #onEffect(event: EffectEvent, commit: Commit): void {
    if (event.type === 'connectors.effect.snapshotted') return this.#onTable(event.data.lines, commit.address.key);
    if (event.type === 'connectors.effect.refused') return;
    if (event.type === 'connectors.effect.attempted') return this.#onAttempted(event.data, commit.address.key);
    const key = `${event.data.effectId}-g${event.data.generation}`;
    const line = this.lines.get(key);
    hold(line !== undefined, `${event.type} of ${key}, which was never attempted`);
    if (line === undefined) return;
    const arrived = this.mail.arrivedUnder(key).length;
    switch (event.type) {
      case 'connectors.effect.succeeded':
        if (arrived === 0) this.lost += 1;
        hold(arrived > 0, `the log says ${key} succeeded, no mail arrived`);
        hold(line.state !== 'failed', `${key} succeeded after it failed`);
        line.state = 'succeeded';
        return;
      case 'connectors.effect.failed':
        hold(arrived === 0, `the log says ${key} failed, the mail arrived`);
        line.state = 'failed';
        return;
      case 'connectors.effect.unknown':
        this.unknown += 1;
        line.state = 'unknown';
    }
  }

  #onAttempted({ effectId, generation, nonce, digest, epoch }: Extract<EffectEvent, { type: 'connectors.effect.attempted' }>['data'], runId: string): void {
    const key = `${effectId}-g${generation}`;
    const authorization = this.gates.authorizations.get(nonce);
    const run = this.loops.runs.get(runId);
    hold(!this.lines.has(key), `${key} was attempted twice`);
    hold(authorization?.effectId === effectId && authorization.generation === generation, `${key} was attempted without an authorization`);
    hold(authorization?.digest === digest, `${key} was attempted with another digest than authorized`);
    hold(!this.#usedNonces.has(nonce), `the authorization of ${key} was used before`);
    hold(!this.gates.refused.has(key), `${key} was attempted after its gate was refused`);
    hold(run?.epoch === epoch, `${key} was attempted in epoch ${epoch}, the run is in ${run?.epoch ?? 0}`);
    hold(run?.finished === null, `${key} was attempted after the run ended`);
    this.#usedNonces.add(nonce);
    this.lines.set(key, { state: 'attempted', digest, runId });
  }
}
