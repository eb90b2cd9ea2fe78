/**
 * Watches whether the broker can still write (GUARANTEES G21). After one failed write nats-server keeps the stream frozen
 * until it is started again, even when there is space again, and publishers hear nothing; its health check says so.
 *
 * I1 what is wrong is said once when it begins, and once when it is over
 * I2 a broker of ours that cannot write is ended as soon as there is space, for its supervisor to start it again; each
 *    time it could not write again, the next end waits longer, up to a minute
 * I3 while there is no space a frozen broker is left alone: it still answers who reads
 */
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../host-error.js';
import type { Bus } from './bus.js';

export interface StoreWatchOptions {
  readonly bus: () => Pick<Bus, 'end' | 'healthUrl' | 'isRunning'>;
  /** Where a broker of ours keeps its streams. */
  readonly folder: string;
  readonly warn: (code: string, message: string) => void;
  /** What stands for the system in tests of the decision. */
  readonly look?: (bus: Pick<Bus, 'end' | 'healthUrl'>, folder: string) => Promise<StoreLook>;
  readonly lookEveryMs?: number;
}

export interface StoreLook {
  /** What the broker said when it cannot write; null when it can, or when it says nothing. */
  readonly writeError: string | null;
  /** Null: not our disk. */
  readonly room: { readonly isLow: boolean; readonly line: string; readonly isEnoughToGoOn: boolean } | null;
}

const LOOK_EVERY_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** Writing this long counts as well, and the next restart is at once again. */
const WRITES_WELL_MS = 30_000;

export function watchStore(options: StoreWatchOptions): { end(): Promise<void> } {
  const over = new AbortController();
  const watch = new StoreWatch(options);
  const every = options.lookEveryMs ?? LOOK_EVERY_MS;
  const turns = (async () => {
    while (!over.signal.aborted) {
      await watch.turn().catch((error: unknown) => watch.stumble(error));
      await pause(every, undefined, { signal: over.signal, ref: false }).catch(() => undefined);
    }
  })();
  return {
    end: () => {
      over.abort();
      return turns;
    },
  };
}

class StoreWatch {
  private isLow = false;
  private isFrozen = false;
  private stumbled = '';
  private backoffMs = 0;
  private notBefore = 0;

  constructor(private readonly options: StoreWatchOptions) {}

  async turn(): Promise<void> {
    const bus = this.options.bus();
    if (!bus.isRunning()) return;
    const { room, writeError } = await (this.options.look ?? lookAtStore)(bus, this.options.folder);
    this.sayRoom(room);
    this.sayWriting(writeError, bus.end !== null);
    this.stumbled = '';
    if (writeError === null || bus.end === null || room?.isEnoughToGoOn === false) return;
    await this.end(bus.end);
  }

  /** The watch goes on; what it stumbled over is said once. */
  stumble(error: unknown): void {
    const message = messageOf(error);
    if (message !== this.stumbled) this.options.warn('host.store-not-watched', message);
    this.stumbled = message;
  }

  private sayRoom(room: StoreLook['room']): void {
    if (room === null || room.isLow === this.isLow) return;
    this.isLow = room.isLow;
    if (room.isLow) this.options.warn('host.storage-low', `${room.line}: new mail is refused until there is more`);
    else this.options.warn('host.storage-back', `${room.line}: new mail is taken in again`);
  }

  private sayWriting(writeError: string | null, isOurs: boolean): void {
    const isFrozen = writeError !== null;
    if (isFrozen && !this.isFrozen) this.options.warn('host.bus-frozen', `the broker cannot write and stays so until it is started again; nothing that was confirmed is lost; ${isOurs ? 'it is restarted as soon as there is space' : 'free space, then restart it'}: ${writeError}`);
    if (!isFrozen && performance.now() > this.notBefore + WRITES_WELL_MS) this.backoffMs = 0;
    this.isFrozen = isFrozen;
  }

  /** I2 */
  private async end(end: () => Promise<void>): Promise<void> {
    if (performance.now() < this.notBefore) return;
    this.backoffMs = Math.min(Math.max(this.backoffMs * 2, LOOK_EVERY_MS), LONGEST_BACKOFF_MS);
    await end();
    this.notBefore = performance.now() + this.backoffMs;
  }
}

async function lookAtStore({ end, healthUrl }: Pick<Bus, 'end' | 'healthUrl'>, folder: string): Promise<StoreLook> {
  const { cannotWrite, healthOf, roomAt, roomLine } = await import('@soloist/eventlog/broker');
  const health = await healthOf(healthUrl);
  const writeError = cannotWrite(health) ? health.answer : null;
  if (end === null) return { writeError, room: null };
  const room = await roomAt(folder);
  // Below the point where intake stops, so that what was taken in goes on before anything new comes.
  return { writeError, room: { isLow: room.isLow, line: roomLine(room), isEnoughToGoOn: room.freeBytes >= room.keptFreeBytes / 2 } };
}
