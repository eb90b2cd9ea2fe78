import { expect, it } from 'vitest';
import { supervise, type SupervisedPart } from './supervision.js';

class Part implements SupervisedPart {
  isAlive = true;
  constructor(readonly pid: number) {}
  isRunning(): boolean {
    return this.isAlive;
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come about within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

it('a part that dies is started again, also when the first tries fail', async () => {
  const first = new Part(1);
  const died: string[] = [];
  let tries = 0;
  const supervision = supervise<Part>(
    first,
    async () => {
      tries += 1;
      if (tries < 3) throw new Error(`no disk ${tries}`);
      return new Part(2);
    },
    { onDied: (why) => died.push(why), onRestarted: () => undefined },
  );
  first.isAlive = false;
  await until(() => supervision.current().pid === 2);
  expect(died).toEqual(['process 1 ended', 'no disk 1', 'no disk 2']);
  await supervision.end();
});

it('after the end nothing is started, and a start that is going on is waited for', async () => {
  const gate = Promise.withResolvers<void>();
  const first = new Part(1);
  let starts = 0;
  const supervision = supervise<Part>(
    first,
    async () => {
      starts += 1;
      await gate.promise;
      return new Part(2);
    },
    { onDied: () => undefined, onRestarted: () => undefined },
  );
  first.isAlive = false;
  await until(() => starts === 1);
  let hasEnded = false;
  const end = supervision.end().then(() => (hasEnded = true));
  await Promise.resolve();
  expect(hasEnded).toBe(false);
  gate.resolve();
  await end;
  expect(supervision.current().pid).toBe(2);
  supervision.current().isAlive = false;
  const other = new Part(3);
  const marker = supervise<Part>(other, async () => new Part(4), { onDied: () => undefined, onRestarted: () => undefined });
  other.isAlive = false;
  await until(() => marker.current().pid === 4);
  await marker.end();
  expect(starts).toBe(1);
});
