/**
 * What the operator wants mailed to himself.
 *
 * I1 setting it is his standing decision: which facts may be mailed, in which form, to which one address; and nothing else
 * I2 the timer of the first digest is armed before the wish is on record
 * I3 governance mails nothing; a test is a wish to the connectors, answered from their record
 */
import { randomUUID } from 'node:crypto';
import { MAILING_KEY, OPERATOR_MAIL, type TestMail } from '@soloist/contracts';
import { isErased, type EventLog, type KeyTable } from '@soloist/eventlog';
import { Committer, systemClock, type Outcome } from '@soloist/service';
import { nextDigestHour } from '../domain/digest-hours.js';
import { endMailing, isOn, setMailing, type Mailing } from '../domain/mailing.js';
import { mailings } from '../entities.js';
import { armDigest } from '../mailing/digest-timer.js';
import { quietHoursNow } from '../mailing/quiet-hours-now.js';
import { ApiError } from './api-error.js';
import type { MailingCard, MailingTest, SetMailing } from './mailing-schemas.js';
import { standingOf, testOutcome } from './posting-tests.js';

export class MailingDesk {
  private readonly committer: Committer;

  constructor(
    private readonly log: EventLog,
    private readonly keys: Pick<KeyTable, 'subjectFor'>,
    private readonly now: () => string,
  ) {
    this.committer = new Committer(log, 'governance', systemClock);
  }

  async show(): Promise<MailingCard> {
    const { state } = await this.committer.load(mailings, MAILING_KEY);
    return this.card(state);
  }

  async set({ address, ...wishes }: SetMailing, by: string): Promise<MailingCard> {
    const now = this.now();
    const dataSubject = await this.keys.subjectFor(address.toLowerCase());
    if (wishes.digest !== null) await armDigest(this.log, wishes.digest, nextDigestHour(wishes.digest, await quietHoursNow(this.committer), now));
    return this.card(accepted(await this.committer.commit(origin(), mailings, MAILING_KEY, 'set', () => setMailing(address, dataSubject, wishes, now, by), { actor: by })));
  }

  /** @throws ApiError 404 */
  async end(by: string): Promise<MailingCard> {
    return this.card(accepted(await this.committer.commit(origin(), mailings, MAILING_KEY, 'end', (state) => endMailing(state, by), { actor: by })));
  }

  /** @throws ApiError 404 */
  async test(by: string): Promise<MailingTest> {
    const { state } = await this.committer.load(mailings, MAILING_KEY);
    if (!isOn(state)) throw notSet('Nothing is mailed, so there is no address to try.');
    const commandId = randomUUID();
    const body: TestMail = { type: 'connectors.posting.test-mail', by };
    await this.log.command({ context: 'connectors', entity: 'posting', key: OPERATOR_MAIL }, { id: commandId, actor: by, body });
    return testOutcome(this.log, OPERATOR_MAIL, commandId);
  }

  private async card(state: Mailing): Promise<MailingCard> {
    const [standing, quiet] = await Promise.all([standingOf(this.log, OPERATOR_MAIL), quietHoursNow(this.committer)]);
    const digest = state?.digest ?? null;
    const address = state?.address ?? null;
    return {
      address: isErased(address) ? null : address,
      reminders: state?.reminders ?? false,
      digest,
      nextDigestAt: digest === null ? null : nextDigestHour(digest, quiet, this.now()).dueAt,
      ...{ state: standing?.state ?? 'good', failuresInARow: standing?.inARow ?? 0, lastCode: standing?.lastCode ?? null },
    };
  }
}

function accepted(outcome: Outcome<Mailing>): Mailing {
  if (outcome.kind === 'rejected') throw notSet(outcome.rejection.because);
  return outcome.state;
}

function notSet(message: string): ApiError {
  return new ApiError(404, 'mailing.not-set', message, 'Set an address: POST /v1/mailing.');
}

function origin(): { cause: null; seed: string; decider: string; traceparent: null } {
  return { cause: null, seed: randomUUID(), decider: 'mailing-desk', traceparent: null };
}
