/**
 * The hours in which the operator is left alone, by the clock of his own time zone. Pure: the moment comes as an argument.
 *
 * I1 `quietEnds` never answers a moment that is quiet itself, whatever a change of summer time does to the night
 */
import type { PolicyDocument } from '@soloist/contracts';

export type QuietHours = NonNullable<PolicyDocument['quietHours']>;

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** Once is enough but for a change of summer time, which may set the clock back, or leave out the hour in between. */
const MOST_LOOKS = 5;
const clocks = new Map<string, Intl.DateTimeFormat>();

export function isQuiet(at: string, quiet: QuietHours): boolean {
  const minute = minuteOfDay(at, quiet.timeZone);
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** `at` itself when it is not quiet then. */
export function quietEnds(at: string, quiet: QuietHours): string {
  let moment = at;
  for (let look = 0; look < MOST_LOOKS && isQuiet(moment, quiet); look += 1) {
    const left = (minutesOf(quiet.to) - minuteOfDay(moment, quiet.timeZone) + DAY_MINUTES) % DAY_MINUTES;
    const whole = Date.parse(moment) - (Date.parse(moment) % MINUTE_MS);
    moment = new Date(whole + left * MINUTE_MS).toISOString();
  }
  return moment;
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
