/**
 * Sees to it that the next digest has its timer, whatever became of the one before: a broker that lost it, a clock that
 * went forward and came back, a policy whose quiet hours are others by now.
 */
import { MAILING_KEY } from '@soloist/contracts';
import { Committer, systemClock, type Source } from '@soloist/service';
import { nextDigestHour } from '../domain/digest-hours.js';
import { mailings } from '../entities.js';
import { armDigest } from '../mailing/digest-timer.js';
import { quietHoursNow } from '../mailing/quiet-hours-now.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

const EVERY_MS = 3_600_000;

export const armNextDigest: Source<GovernancePorts> = {
  name: 'arm-digest',
  start: ({ connection: { log }, ports: { rounds } }) => {
    const round = async (): Promise<void> => {
      const reader = new Committer(log, 'governance', systemClock);
      const time = (await reader.load(mailings, MAILING_KEY)).state?.digest ?? null;
      if (time !== null) await armDigest(log, time, nextDigestHour(time, await quietHoursNow(reader), rounds.now()));
    };
    return Promise.resolve(rounds.every(EVERY_MS, round));
  },
};
