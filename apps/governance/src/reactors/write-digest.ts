/**
 * The hour of a digest has come: write what there is to say, and arm the next.
 *
 * I1 the due message says only "look now"; the hour follows from what the operator has set, and the broker's clock
 * I2 the next hour is armed before this one is on record, so that a crash in between loses no day
 * I3 nothing is mailed here: what mails hears of the fact
 */
import { MAILING_KEY } from '@soloist/contracts';
import type { TimerReactor } from '@soloist/service';
import { digestOf } from '../domain/digest.js';
import { lastDigestHour, nextDigestHour } from '../domain/digest-hours.js';
import { isOwed, noteDigest } from '../domain/mailing.js';
import { mailings } from '../entities.js';
import { armDigest } from '../mailing/digest-timer.js';
import { quietHoursNow } from '../mailing/quiet-hours-now.js';
import { seenNow } from '../mailing/seen-now.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const writeDigest: TimerReactor<GovernancePorts> = {
  name: 'write-digest',
  on: 'mailing',
  react: async ({ firedAt }, work) => {
    const { state } = await work.load(mailings, MAILING_KEY);
    const time = state?.digest ?? null;
    if (state === null || time === null) return;
    const quiet = await quietHoursNow(work);
    await armDigest(work.log, time, nextDigestHour(time, quiet, firedAt));
    const hour = lastDigestHour(time, quiet, firedAt);
    if (!isOwed(state, hour)) return;
    const at = work.ports.rounds.now();
    const said = digestOf(await seenNow(work, state.open), { open: state.open, since: state.lookedAt }, hour.day, at);
    await work.commit(mailings, MAILING_KEY, `digest:${hour.day}`, (current) => noteDigest(current, hour, at, said));
  },
};
