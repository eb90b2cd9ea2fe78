/** What all mails to the operator have in common. Plain text; nothing in it is a link. */
export const NO_ANSWERS = 'A mail decides nothing, and answers to this one are not read.';

export function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}

/** `2026-12-01 08:00 UTC` */
export function momentOf(at: string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 1_440;

/** `5 min`, `5 h`, `3 d`: rounded down, never below nought. */
export function ageOf(from: string, to: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / MINUTE_MS));
  if (minutes < HOUR_MINUTES) return `${minutes} min`;
  return minutes < 2 * DAY_MINUTES ? `${Math.floor(minutes / HOUR_MINUTES)} h` : `${Math.floor(minutes / DAY_MINUTES)} d`;
}

export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
