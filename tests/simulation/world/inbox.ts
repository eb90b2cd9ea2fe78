/** Mail that comes in: waits in a box until it is on the log, and is put there by whichever connector looks first. */
import { connectorsService, type ConnectorsPorts } from '@soloist/connectors';
import type { AnyEvent, IntakeEvent } from '@soloist/contracts';
import { derivedId } from '@soloist/eventlog';
import type { Source, SourceWork } from '@soloist/service';
import { isFault } from '@soloist/kernel';
import type { Machine } from '@soloist/testing';
import { messageIdOf } from './scripted-model.js';

type Received = Extract<IntakeEvent, { type: 'connectors.intake.input-received' }>['data'];

export interface IncomingMail {
  readonly number: number;
  readonly sender: string;
  readonly isQuestion: boolean;
}

const RETRY_MS = 1_000;

export class Inbox {
  readonly waiting: IncomingMail[] = [];
  readonly #listeners = new Map<Machine, () => void>();

  arrive(mail: IncomingMail): void {
    this.waiting.push(mail);
    for (const [machine, wake] of this.#listeners) machine.post(machine.latency(), wake);
  }

  /** Stands in for the connectors' own source, whose parser of raw mail leaves the microtask queue. */
  source(machine: Machine): Source<ConnectorsPorts> {
    return {
      name: 'receive-simulated-mail',
      start: (work) => {
        let round: Promise<void> | null = null;
        const wake = (): void => {
          round ??= this.#takeIn(machine, work).finally(() => (round = null));
        };
        this.#listeners.set(machine, wake);
        machine.onDeath(() => this.#listeners.delete(machine));
        wake();
        return Promise.resolve({ stop: () => Promise.resolve() });
      },
    };
  }

  async #takeIn(machine: Machine, work: SourceWork<ConnectorsPorts>): Promise<void> {
    for (let mail = this.waiting[0]; mail !== undefined; mail = this.waiting[0]) {
      try {
        await record(mail, work);
        await machine.hop('settle mail');
        if (this.waiting[0] === mail) this.waiting.shift();
      } catch (error) {
        if (!isFault(error)) throw error;
        await machine.sleep(RETRY_MS, 'retry mail');
      }
    }
  }
}

export function inputIdOf(number: number): string {
  return derivedId('mail', messageIdOf(number));
}

export function runIdOf(number: number): string {
  return derivedId('run', inputIdOf(number));
}

const intakeEntity = connectorsService.entities.find((entity) => entity.entity === 'intake');

async function record({ number, sender, isQuestion }: IncomingMail, { commit, connection }: SourceWork<ConnectorsPorts>): Promise<void> {
  if (intakeEntity === undefined) throw new Error('the connectors have no entity intake');
  const inputId = inputIdOf(number);
  const dataSubject = await connection.keys.subjectFor(sender);
  const raw = await connection.log.putBlob('connectors', Buffer.from(`mail ${number}`), dataSubject);
  const input: Received = {
    inputId,
    source: 'mail',
    via: 'simulated:operator',
    dataSubject,
    messageId: messageIdOf(number),
    from: { name: 'Client', address: sender },
    to: [{ name: '', address: 'operator@soloist.example' }],
    subject: `Matter ${number}`,
    text: isQuestion ? 'Our hourly rate is 95 EUR. Which rate did we agree on?' : 'Our agreed hourly rate is 95 EUR.',
    inReplyTo: null,
    attachments: [],
    raw,
    trust: 'third-party-text',
  };
  await commit<{ isReceived: boolean }, AnyEvent>(inputId, intakeEntity, inputId, 'receive', (state) =>
    state.isReceived ? [] : [{ type: 'connectors.intake.input-received', data: input }],
  );
}
