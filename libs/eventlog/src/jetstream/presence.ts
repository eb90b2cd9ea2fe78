/**
 * Workers of one service know of each other by subjects inside their own account: nothing is exported, so no other
 * service can ask or answer.
 *
 * I1 for liveness only: whoever is taken for gone and is not is fenced by the log, as ever
 * I2 gone is whose subject nobody listens on (the broker says so at once), or who stayed silent for `silenceMs`
 * I3 right after this connection came back nobody is gone: the others are on their way back as well
 */
import { randomBytes } from 'node:crypto';
import { errors, type Msg, type Subscription as NatsSubscription } from '@nats-io/nats-core';
import { DELIVERY, type Context } from '@soloist/contracts';
import type { Peers, Presence } from '../event-log.port.js';
import { isNoResponders } from './direct-read.js';
import type { Link } from './link.js';

/** Above any pause of a busy event loop that is worth waiting for; the next redelivery asks again. */
const ANSWER_WITHIN_MS = 300;
const COMING_BACK_MS = 1_500;
const HELD = '1';
const NOT_HELD = '0';
const HERE = 'here';
const HELLO = 'hello';

export function presenceOn(link: Link): Presence {
  return {
    join: async (context, holds, silenceMs = DELIVERY.silenceMs) => {
      const workers = new Workers(link, context, holds, silenceMs);
      await workers.start();
      return workers;
    },
  };
}

class Workers implements Peers {
  readonly worker = randomBytes(8).toString('hex');
  readonly #link: Link;
  readonly #subject: string;
  readonly #holds: (delivery: string) => boolean;
  readonly #silenceMs: number;
  /** Of each of the others, how many beacons of our own ago it was heard: who sleeps does not count. */
  readonly #quiet = new Map<string, number>();
  #subscriptions: readonly NatsSubscription[] = [];
  #beacon: NodeJS.Timeout | undefined;

  constructor(link: Link, context: Context, holds: (delivery: string) => boolean, silenceMs: number) {
    this.#link = link;
    this.#subject = `presence.${context}`;
    this.#holds = holds;
    this.#silenceMs = silenceMs;
  }

  async start(): Promise<void> {
    const { connection } = this.#link;
    this.#subscriptions = [
      connection.subscribe(`${this.#subject}.worker.${this.worker}`, { callback: (error, asked) => void (error ?? this.#answer(asked)) }),
      connection.subscribe(`${this.#subject}.all`, { callback: (error, told) => void (error ?? this.#hear(told)) }),
    ];
    // The broker knows the subscriptions before anybody hears of them.
    await connection.flush();
    this.#tell(HELLO);
    this.#beacon = setInterval(() => this.#beat(), DELIVERY.presenceMs);
    this.#beacon.unref();
  }

  async holderOf(delivery: string): Promise<'nobody' | 'another' | 'unclear'> {
    const asked = [...this.#quiet.keys()].filter((peer) => !this.#isSilent(peer));
    const answers = await Promise.all(asked.map((peer) => this.#ask(peer, delivery)));
    if (answers.includes('another')) return 'another';
    return answers.includes('unclear') ? 'unclear' : 'nobody';
  }

  async stop(): Promise<void> {
    clearInterval(this.#beacon);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #answer(asked: Msg): void {
    asked.respond(this.#holds(asked.string()) ? HELD : NOT_HELD);
  }

  #hear(told: Msg): void {
    const [word, peer = ''] = told.string().split(' ');
    if (peer === this.worker) return;
    this.#quiet.set(peer, 0);
    if (word === HELLO) this.#tell(HERE);
  }

  #beat(): void {
    for (const [peer, beats] of this.#quiet) this.#quiet.set(peer, beats + 1);
    this.#tell(HERE);
  }

  /** While the connection is down nothing is said: the client would send it all once it is up again. */
  #tell(word: typeof HERE | typeof HELLO): void {
    if (this.#link.isUp) this.#link.connection.publish(`${this.#subject}.all`, `${word} ${this.worker}`);
  }

  async #ask(peer: string, delivery: string): Promise<'nobody' | 'another' | 'unclear'> {
    try {
      const answer = await this.#link.connection.request(`${this.#subject}.worker.${peer}`, delivery, { timeout: ANSWER_WITHIN_MS });
      this.#quiet.set(peer, 0);
      return answer.string() === HELD ? 'another' : 'nobody';
    } catch (error) {
      if (isNoResponders(error)) return this.#gone(peer);
      if (error instanceof errors.TimeoutError || error instanceof errors.RequestError) return this.#isSilent(peer) ? 'nobody' : 'unclear';
      throw error;
    }
  }

  #gone(peer: string): 'nobody' | 'unclear' {
    if (this.#link.upForMs() < COMING_BACK_MS) return 'unclear';
    this.#quiet.delete(peer);
    return 'nobody';
  }

  #isSilent(peer: string): boolean {
    return (this.#quiet.get(peer) ?? 0) * DELIVERY.presenceMs >= this.#silenceMs;
  }
}
