/**
 * Starts a part again when it dies. A part that dies at once is tried again ever more slowly, without an end: what it
 * lacks (disk, memory) may come back, and nothing is lost meanwhile.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from './host-error.js';
import { secondsSince } from './progress.js';

export interface SupervisedPart {
  readonly pid: number | null;
  isRunning(): boolean;
}

export interface Supervision<Part> {
  current(): Part;
  /** From here on nothing is started; a start that is going on is waited for. */
  end(): Promise<void>;
}

export interface SupervisionReport<Part> {
  onDied(why: string): void;
  onRestarted(part: Part, seconds: number): void;
}

const LOOK_EVERY_MS = 200;
const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;

export function supervise<Part extends SupervisedPart>(first: Part, restart: () => Promise<Part>, report: SupervisionReport<Part>): Supervision<Part> {
  let part = first;
  let isOver = false;
  let mending: Promise<void> | null = null;

  const mend = async (): Promise<void> => {
    report.onDied(`process ${part.pid ?? '?'} ended`);
    const started = performance.now();
    for (let wait = FIRST_BACKOFF_MS; !isOver; wait = Math.min(wait * 2, LONGEST_BACKOFF_MS)) {
      try {
        part = await restart();
        report.onRestarted(part, secondsSince(started));
        return;
      } catch (error) {
        report.onDied(messageOf(error));
        await pause(wait);
      }
    }
  };

  const timer = setInterval(() => {
    if (isOver || mending !== null || part.isRunning()) return;
    mending = mend().finally(() => (mending = null));
  }, LOOK_EVERY_MS);
  timer.unref();

  return {
    current: () => part,
    end: async () => {
      isOver = true;
      clearInterval(timer);
      await mending;
    },
  };
}
