/**
 * The world of mail, with a ledger of what truly happened: who accepted which mail, and when. It accepts and says so,
 * accepts and loses the answer, accepts after everybody has given up, refuses, or fails before anything happened.
 *
 * I1 the ledger is the truth; whatever the log says is held against it
 */
import { digestOfAction, SEND_MAIL, SendMailArguments, type Connector, type OutwardAction, type Prepared, type Sighting } from '@soloist/connectors';
import { Fault, reject } from '@soloist/kernel';
import type { Agenda, FaultCounts, Machine, Random } from '@soloist/testing';
import type { Swarm } from './swarm.js';

/** One mail that truly arrived. */
export interface Accepted {
  readonly key: string;
  readonly digest: string;
  readonly atMs: number;
}

export interface MailWorldOptions {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly swarm: Swarm;
  readonly areFaultsOn: () => boolean;
  readonly counts: FaultCounts;
  readonly onAccepted: (mail: Accepted) => void;
}

export class MailWorld {
  readonly accepted: Accepted[] = [];
  readonly #options: MailWorldOptions;

  constructor(options: MailWorldOptions) {
    this.#options = options;
  }

  connector(machine: Machine): Connector {
    return { name: 'mail', actions: [this.#action(machine)] };
  }

  arrivedUnder(key: string): readonly Accepted[] {
    return this.accepted.filter((mail) => mail.key === key);
  }

  #action(machine: Machine): OutwardAction {
    return {
      action: SEND_MAIL,
      effectClass: 'check-first',
      prepare: async (args, { idempotencyKey }) => {
        await machine.hop('prepare mail');
        const parsed = SendMailArguments.safeParse(args);
        if (!parsed.success) return reject('effect.args-invalid', 'These are no arguments of a mail.');
        const digest = digestOfAction(SEND_MAIL, parsed.data);
        return { digest, send: (mayProceed) => this.#send(machine, idempotencyKey, digest, mayProceed) } satisfies Prepared;
      },
      look: ({ idempotencyKey }) => this.#look(machine, idempotencyKey),
    };
  }

  async #send(machine: Machine, key: string, digest: string, mayProceed: () => Promise<boolean>): Promise<Record<string, string>> {
    await machine.hop('connect to mail server');
    if (this.#strikes('fail')) throw new Fault('transient', 'smtp.connect-failed', 'The mail server took no connection.');
    if (!(await mayProceed())) throw new Fault('transient', 'smtp.not-mine', 'This worker may no longer hold the delivery.');
    await machine.hop('send mail');
    if (this.#strikes('refuse')) throw new Fault('invalid', 'smtp.refused', 'The mail server refused the mail.');
    if (this.#strikes('acceptLate')) {
      const { agenda, random } = this.#options;
      agenda.put(null, random.between(1_000, 40_000), false, () => this.#accept(key, digest));
      await machine.sleep(10_000, 'wait for mail server');
      throw new Fault('unknown-outcome', 'smtp.timed-out', 'The mail server gave no answer in time.');
    }
    this.#accept(key, digest);
    await machine.hop('mail answer');
    if (this.#strikes('loseAnswer')) throw new Fault('unknown-outcome', 'smtp.answer-lost', 'The connection broke after the mail was handed over.');
    return { messageId: key };
  }

  async #look(machine: Machine, key: string): Promise<Sighting> {
    await machine.hop('look for mail');
    if (this.#strikes('failLook')) throw new Fault('transient', 'mail.look-failed', 'The mailbox could not be read.');
    if (!this.#options.swarm.mail.canLook) return { kind: 'cannot-tell', hint: 'Ask the recipient.' };
    return this.arrivedUnder(key).length > 0 ? { kind: 'found', receipt: { messageId: key } } : { kind: 'not-found', hint: 'It may still be on its way.' };
  }

  #accept(key: string, digest: string): void {
    const mail = { key, digest, atMs: this.#options.agenda.now() };
    this.accepted.push(mail);
    this.#options.onAccepted(mail);
  }

  #strikes(kind: Exclude<keyof Swarm['mail'], 'canLook'>): boolean {
    const { areFaultsOn, random, counts, swarm } = this.#options;
    const likelihood = swarm.mail[kind];
    return areFaultsOn() && likelihood > 0 && random.chance(likelihood) && counts.add(`mail.${kind}`);
  }
}

