/** Moments, money and sizes as people read them. */
import { formatMoney } from '@soloist/kernel';

const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const MINUTE_MS = 60_000;
const UNITS = [
  ['day', 1_440],
  ['hour', 60],
  ['minute', 1],
] as const;

/** In UTC, and it says so: a server does not know where its reader is. */
export function moment(at: string): string {
  return `${day.format(new Date(at))} UTC`;
}

/** For example `in 2 days` or `3 hours ago`. */
export function distance(at: string, now: string): string {
  const minutes = (Date.parse(at) - Date.parse(now)) / MINUTE_MS;
  const size = Math.abs(minutes);
  const [unit, length] = UNITS.find(([, least]) => size >= least) ?? ['minute', 1];
  const count = Math.floor(size / length);
  if (count === 0) return minutes > 0 ? 'in a moment' : 'just now';
  const said = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return minutes > 0 ? `in ${said}` : `${said} ago`;
}

export function money(micros: number, currency: string | null): string {
  return currency === null ? (micros === 0 ? 'nothing' : `${micros} micro-units`) : formatMoney({ micros, currency });
}

export function size(bytes: number): string {
  return bytes < 1_000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
