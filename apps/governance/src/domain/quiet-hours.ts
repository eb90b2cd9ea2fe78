/**
 * The hours in which the operator is left alone, by the clock of his own time zone. Pure: the moment comes as an argument.
 *
 * I1 `quietEnds` never answers a moment that is quiet itself, whatever a change of summer time does to the night
 */
import type { PolicyDocument } from '@soloist/contracts';

export type QuietHours = NonNullable<PolicyDocument['quietHours']>;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** A clock that is set back makes a night longer; one of these steps at a time gets past it. */
const STEP_MINUTES = 15;
const clocks = new Map<string, Intl.DateTimeFormat>();

export function isQuiet(at: string, quiet: QuietHours): boolean {
  const minute = minuteOfDay(at, quiet.timeZone);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** `at` itself when it is not quiet then. */
export function quietEnds(at: string, quiet: QuietHours): string {
  if (!isQuiet(at, quiet)) return at;
  const left = (minutesOf(quiet.to) - minuteOfDay(at, quiet.timeZone) + DAY_MINUTES) % DAY_MINUTES;
  const whole = Date.parse(at) - (Date.parse(at) % MINUTE_MS);
  for (let extra = 0; extra < DAY_MINUTES; extra += STEP_MINUTES) {
    const moment = new Date(whole + (left + extra) * MINUTE_MS).toISOString();
    if (!isQuiet(moment, quiet)) return moment;
  }
  // From 00:00 to 00:00 and the like: no hour is left, so nothing is held back.
  return at;
}

function minuteOfDay(at: string, timeZone = 'UTC'): number {
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  clocks.set(timeZone, clock);
  return minutesOf(clock.format(new Date(at)));
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}
