import { describe, expect, it } from 'vitest';
import { createMemoryLog } from '../memory/memory-log.js';
import type { Due } from '../event-log.port.js';

const address = { context: 'runtime' as const, entity: 'loop', key: 'one-run' };

describe('timers', () => {
  it('[G19] of one entity do not replace each other: a second schedule on a subject would', async () => {
    const memory = createMemoryLog({ streams: 1 });
    const fired: Due[] = [];
    const both = Promise.withResolvers<undefined>();
    const subscription = await memory.connect('runtime').deliveries.consume('runtime', 'timers', (delivery) => {
      fired.push(delivery.due());
      void delivery.ack();
      if (fired.length === 2) both.resolve(undefined);
    });
    const soon = new Date(Date.now() + 20).toISOString();
    for (const timerId of ['first-timer', 'second-timer']) await memory.log.arm({ timerId, address, dueAt: soon, body: { timerId } });
    const late = setTimeout(() => both.reject(new Error(`only ${fired.length} of 2 timers fired`)), 5_000);
    await both.promise.finally(() => clearTimeout(late));
    expect(fired.map(({ timerId }) => timerId).sort()).toEqual(['first-timer', 'second-timer']);
    await subscription.stop();
    await memory.close();
  });
});
