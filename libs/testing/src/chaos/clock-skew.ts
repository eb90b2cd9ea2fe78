/**
 * Loaded with `--import` before a service: the process then lives at another time. `SOLOIST_CHAOS_CLOCK` names a file with
 * the offset in milliseconds, or `jump <ms>`, with which the clock jumps to another moment within ± that every 100 ms.
 * Only what tells the time is wrong; what measures durations (timers, `performance.now`) runs on, as with a wrong clock.
 */
import { readFileSync } from 'node:fs';

const file = process.env['SOLOIST_CHAOS_CLOCK'];
const LOOK_EVERY_MS = 100;
const RealDate = Date;
let offsetMs = 0;

function look(path: string): void {
  const text = readText(path);
  const jump = /^jump (\d+)$/.exec(text);
  offsetMs = jump === null ? Number(text) || 0 : Math.round((Math.random() * 2 - 1) * Number(jump[1]));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return ''; // no file: the clock is right
  }
}

if (file !== undefined) {
  look(file);
  setInterval(() => look(file), LOOK_EVERY_MS).unref();
  const now = (): number => RealDate.now() + offsetMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
}
