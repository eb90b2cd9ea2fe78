/**
 * Turns mail that waits in the operator's box into facts.
 *
 * I1 a mail leaves `new` only after its fact is on the log, or when it can never become one
 * I2 a mail that came before under the same Message-ID changes nothing (found on the log, however long ago)
 * I3 what echoes a mail to the operator is no input: it is put aside, whatever it says
 * I4 one mail that cannot be taken in holds up no other
 */
import { derivedId } from '@soloist/eventlog';
import { isFault, isRejection } from '@soloist/kernel';
import type { Source, SourceWork } from '@soloist/service';
import { createLogger, type Logger } from '@soloist/telemetry';
import { readMail, type MailContent } from '../connectors/mail/arrived-mail.js';
import { receiveInput } from '../domain/intake.js';
import { intakeEntity } from '../entities.js';
import { isEcho } from '../mailing/own-mail.js';
import type { ConnectorsPorts } from '../ports/connectors.ports.js';

const DEFECT_TRIES = 5;

export const receiveMail: Source<ConnectorsPorts> = {
  name: 'receive-mail',
  start: async (work) => {
    const pump = new MailPump(work, createLogger('connectors'));
    await work.ports.postOffice.open();
    const watching = await work.ports.arrivals.watch(() => pump.wake());
    pump.wake();
    return {
      stop: async () => {
        await watching.stop();
        await pump.stop();
      },
    };
  },
};

class MailPump {
  private readonly defects = new Map<string, number>();
  private round: Promise<void> | null = null;
  private isWanted = false;
  private isStopped = false;

  constructor(
    private readonly work: SourceWork<ConnectorsPorts>,
    private readonly logger: Logger,
  ) {}

  /** One round at a time; whoever comes meanwhile is served by another. */
  wake(): void {
    this.isWanted = true;
    if (this.isStopped) return;
    this.round ??= this.rounds().finally(() => {
      this.round = null;
      // Asked for between the last look and now.
      if (this.isWanted && !this.isStopped) this.wake();
    });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.round;
  }

  private async rounds(): Promise<void> {
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      try {
        for (const file of await this.work.ports.arrivals.waiting()) {
          if (this.isStopped) return;
          await this.takeIn(file);
        }
      } catch (error) {
        this.logger.warn(`the operator's box cannot be read: ${String(error)}`);
      }
    }
  }

  private async takeIn(file: string): Promise<void> {
    const { arrivals } = this.work.ports;
    try {
      const arrived = await arrivals.read(file);
      if (arrived === null) return;
      if (isEcho(arrived.bytes)) return await arrivals.settle(file, 'refused');
      const mail = await readMail(arrived.bytes);
      if (isRejection(mail)) return await this.refuse(file, `${mail.code}: ${mail.because}`);
      await this.record(mail, arrived.bytes);
      await arrivals.settle(file, 'received');
      this.defects.delete(file);
    } catch (error) {
      await this.settleFailure(file, error);
    }
  }

  private async record(mail: MailContent, bytes: Uint8Array): Promise<void> {
    const { connection, ports } = this.work;
    const inputId = derivedId('mail', mail.messageId);
    if ((await connection.log.head({ context: 'connectors', entity: 'intake', key: inputId })) !== null) return;
    const dataSubject = await connection.keys.subjectFor(mail.from.address.toLowerCase());
    const raw = await connection.log.putBlob('connectors', bytes, dataSubject);
    const { messageId, from, to, subject, text, inReplyTo, attachments } = mail;
    await this.work.commit(inputId, intakeEntity, inputId, 'receive', (state) =>
      receiveInput(state, {
        inputId,
        source: 'mail',
        via: ports.arrivals.via,
        dataSubject,
        messageId,
        from,
        to: [...to],
        subject,
        text,
        inReplyTo,
        attachments: [...attachments],
        raw,
        // Nobody has proved who wrote it: SMTP believes every sender.
        trust: 'third-party-text',
      }),
    );
  }

  /** The world's failures are tried again at the next look; what can never succeed is put aside where people see it. */
  private async settleFailure(file: string, error: unknown): Promise<void> {
    const text = isFault(error) ? `${error.code}: ${error.message}` : String(error);
    if (isFault(error) && error.kind !== 'invalid') return this.logger.warn(`${file} stays in the box: ${text}`);
    const tries = (this.defects.get(file) ?? 0) + 1;
    this.defects.set(file, tries);
    this.logger.error(`${file} could not be taken in: ${text}`, { tries });
    if (isFault(error) || tries >= DEFECT_TRIES) await this.refuse(file, text);
  }

  private async refuse(file: string, reason: string): Promise<void> {
    this.defects.delete(file);
    this.logger.error(`${file} is put aside into the folder refused: ${reason}`);
    try {
      await this.work.ports.arrivals.settle(file, 'refused');
    } catch (error) {
      this.logger.warn(`${file} could not be put aside: ${String(error)}`);
    }
  }
}
