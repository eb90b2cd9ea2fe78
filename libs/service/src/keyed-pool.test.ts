import { describe, expect, it } from 'vitest';
import { KeyedPool } from './keyed-pool.js';

/** A promise that the test settles, so that nothing depends on time. */
function latch(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

describe('keyed pool', () => {
  it('runs the work of one key in the order it came', async () => {
    const pool = new KeyedPool(8);
    const order: number[] = [];
    const first = latch();
    const done = [
      pool.run('a', async () => {
        await first.opened;
        order.push(1);
      }),
      pool.run('a', async () => void order.push(2)),
    ];
    first.open();
    await Promise.all(done);
    expect(order).toEqual([1, 2]);
  });

  it('lets other keys pass a key that waits [R3]', async () => {
    const pool = new KeyedPool(2);
    const stuck = latch();
    const waiting = pool.run('a', () => stuck.opened);
    let passed = 0;
    for (const key of ['b', 'c', 'd']) await pool.run(key, async () => void (passed += 1));
    expect(passed).toBe(3);
    stuck.open();
    await waiting;
    expect(pool.size).toBe(0);
  });

  it('never runs more keys at once than its limit', async () => {
    const pool = new KeyedPool(3);
    let running = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        pool.run(`k${index}`, async () => {
          running += 1;
          most = Math.max(most, running);
          await Promise.resolve();
          running -= 1;
        }),
      ),
    );
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });
});
