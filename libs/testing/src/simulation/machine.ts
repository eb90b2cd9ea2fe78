/**
 * One simulated process. Every await of its on the outside is a hop: there it may be slow, be stopped, or die, and what
 * it was doing is abandoned at exactly that await.
 *
 * I1 a dead machine does nothing any more, and nobody hears from it
 * I2 a stopped machine goes on later with everything that waited, as a process after SIGCONT
 */
import type { Agenda, Owner } from './agenda.js';
import type { Random } from './random.js';

/** What may befall a machine at a hop; it acts on the machine itself. */
export type Fate = (machine: Machine, hop: string) => void;

export class Machine implements Owner {
  readonly name: string;
  readonly agenda: Agenda;
  readonly #random: Random;
  readonly #fate: Fate;
  readonly #mourners: (() => void)[] = [];
  #isUp = true;
  #stoppedUntilMs = 0;
  /** How slow its network is. */
  latencyMs = 1;

  constructor(name: string, agenda: Agenda, random: Random, fate: Fate) {
    this.name = name;
    this.agenda = agenda;
    this.#random = random;
    this.#fate = fate;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get stoppedUntilMs(): number {
    return this.#stoppedUntilMs;
  }

  get isStopped(): boolean {
    return this.#stoppedUntilMs > this.agenda.now();
  }

  kill(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    for (const mourn of this.#mourners) mourn();
  }

  stopFor(ms: number): void {
    this.#stoppedUntilMs = Math.max(this.#stoppedUntilMs, this.agenda.now() + ms);
  }

  onDeath(mourn: () => void): void {
    this.#mourners.push(mourn);
  }

  /** A task of this machine. */
  post(ms: number, run: () => void): () => void {
    return this.agenda.put(this, ms, true, run);
  }

  latency(): number {
    return this.#random.between(0, 2 * this.latencyMs);
  }

  /** One await on the outside. Never resolves when the machine dies there. */
  async hop(name: string): Promise<void> {
    await this.sleep(this.latency(), name);
  }

  sleep(ms: number, name = 'sleep'): Promise<void> {
    this.meetFate(name);
    return new Promise((resolve) => void this.post(ms, resolve));
  }

  meetFate(hop: string): void {
    if (this.#isUp) this.#fate(this, hop);
  }
}

/** The await at which a dead machine stays for ever. A promise of its own each time: one for all would keep all that ever waited for it. */
export const never = (): Promise<never> => new Promise(() => undefined);
