/**
 * When digests are due, by the operator's own clock. Pure: the moment comes as an argument.
 *
 * I1 a day has one hour of its digest, also where summer time skips it or has it twice
 * I2 in quiet hours it waits for their end; the day stays the one it is named by
 */
import type { DigestTime } from '@soloist/contracts';
import { quietEnds, type QuietHours } from './quiet-hours.js';

export interface DigestHour {
  /** `2026-12-01`, by the operator's clock. */
  readonly day: string;
  /** RFC 3339, UTC. */
  readonly dueAt: string;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** No zone is further from UTC. */
const FURTHEST_MINUTES = 15 * 60;
/** Every zone's distance to UTC is a multiple of it. */
const STEP_MINUTES = 15;
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The first hour after `now`. */
export function nextDigestHour(time: DigestTime, quiet: QuietHours | undefined, now: string): DigestHour {
  const today = localOf(Date.parse(now), time.timeZone).slice(0, 10);
  // Quiet hours may put yesterday's into today, and today's into tomorrow.
  const hours = [-1, 0, 1, 2].map((days) => hourOf(dayAfter(today, days), time, quiet));
  const next = hours.find(({ dueAt }) => dueAt > now);
  if (next === undefined) throw new RangeError(`no hour of a digest follows ${now}`);
  return next;
}

/** The latest hour that is not after `now`. */
export function lastDigestHour(time: DigestTime, quiet: QuietHours | undefined, now: string): DigestHour {
  const today = localOf(Date.parse(now), time.timeZone).slice(0, 10);
  const hours = [0, -1, -2].map((days) => hourOf(dayAfter(today, days), time, quiet));
  const last = hours.find(({ dueAt }) => dueAt <= now);
  if (last === undefined) throw new RangeError(`no hour of a digest comes before ${now}`);
  return last;
}

function hourOf(day: string, { at, timeZone }: DigestTime, quiet: QuietHours | undefined): DigestHour {
  const wanted = `${day} ${at}`;
  const asIfUtc = Date.parse(`${day}T${at}:00.000Z`);
  for (let minutes = -FURTHEST_MINUTES; minutes <= FURTHEST_MINUTES; minutes += STEP_MINUTES) {
    const moment = asIfUtc + minutes * MINUTE_MS;
    if (localOf(moment, timeZone) < wanted) continue;
    const dueAt = new Date(moment).toISOString();
    return { day, dueAt: quiet === undefined ? dueAt : quietEnds(dueAt, quiet) };
  }
  throw new RangeError(`${wanted} never comes in ${timeZone}`);
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00.000Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `2026-12-01 08:00`, so that text order is the order of time. */
function localOf(ms: number, timeZone: string): string {
  const clock =
    clocks.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  const part = Object.fromEntries(clock.formatToParts(new Date(ms)).map(({ type, value }) => [type, value]));
  return `${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']}`;
}
