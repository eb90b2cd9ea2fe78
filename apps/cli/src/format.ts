/** How values look to people. */
import { formatMoney } from '@soloist/kernel';

export function money(micros: number | null, currency: string | null): string {
  return micros === null || currency === null ? '-' : formatMoney({ micros, currency });
}

/** A moment in the local time of whoever reads. */
export function shortTime(moment: string): string {
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return moment;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** Without control characters: text from outside must not steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

export function oneLine(text: string, width = 100): string {
  const line = printable(text).replaceAll(/\s+/g, ' ').trim();
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}

export function indented(text: string, by = '    '): string {
  return printable(text).split('\n').map((line) => `${by}${line}`.trimEnd()).join('\n');
}
