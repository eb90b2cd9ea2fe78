import { expect, it } from 'vitest';
import { watchStore, type StoreLook } from './store-watch.js';

const PLENTY: StoreLook['room'] = { isLow: false, line: '40 of 48 MiB free', isEnoughToGoOn: true };
const NONE: StoreLook['room'] = { isLow: true, line: '0 of 48 MiB free', isEnoughToGoOn: false };

/** A broker and its disk. */
class Scene {
  seen: StoreLook = { writeError: null, room: PLENTY };
  looks = 0;
  ends = 0;
  readonly said: string[] = [];
  readonly watch;

  constructor(isOurs = true, mends = true) {
    const end = (): Promise<void> => {
      this.ends += 1;
      if (mends) this.seen = { ...this.seen, writeError: null };
      return Promise.resolve();
    };
    this.watch = watchStore({
      bus: () => ({ end: isOurs ? end : null, healthUrl: 'http://127.0.0.1:1/healthz', isRunning: () => true }),
      folder: '/x',
      warn: (code) => this.said.push(code),
      look: () => {
        this.looks += 1;
        return Promise.resolve(this.seen);
      },
      lookEveryMs: 1,
    });
  }

  /** Several looks later. */
  async later(looks = 5): Promise<void> {
    const wanted = this.looks + looks;
    const deadline = Date.now() + 10_000;
    while (this.looks < wanted) {
      if (Date.now() > deadline) throw new Error('nobody looks any more');
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

it('[G21] leaves a frozen broker alone while the disk is full, and ends it once when there is space', async () => {
  const scene = new Scene();
  await scene.later();
  expect([scene.said, scene.ends]).toEqual([[], 0]);
  scene.seen = { writeError: '503 write error', room: NONE };
  await scene.later();
  expect([scene.said, scene.ends]).toEqual([['host.storage-low', 'host.bus-frozen'], 0]);
  scene.seen = { writeError: '503 write error', room: PLENTY };
  await scene.later();
  expect([scene.said, scene.ends]).toEqual([['host.storage-low', 'host.bus-frozen', 'host.storage-back'], 1]);
  await scene.watch.end();
});

it('[G21] ends a broker that cannot write again and again ever more slowly', async () => {
  const scene = new Scene(true, false);
  scene.seen = { writeError: '503 write error', room: PLENTY };
  await scene.later(50);
  // The second end waits for at least a second, which is many looks of a millisecond.
  expect([scene.said, scene.ends]).toEqual([['host.bus-frozen'], 1]);
  await scene.watch.end();
});

it('says of an external broker that it cannot write, and touches it not', async () => {
  const scene = new Scene(false);
  scene.seen = { writeError: '503 write error', room: null };
  await scene.later();
  expect([scene.said, scene.ends]).toEqual([['host.bus-frozen'], 0]);
  await scene.watch.end();
});
