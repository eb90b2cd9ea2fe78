import { Fault } from '@soloist/kernel';
import type { EventLog } from '@soloist/eventlog';
import { expect, test } from 'vitest';
import { HandRounds, remind, runOf, streamLog } from './stream-log.fixture.js';
import { Tail } from './tail.js';

test('I4 what one stream was seen to hold is told, though another could not be read in the same look', async () => {
  const log = streamLog(2);
  const { log: own } = log.connect('governance');
  let failing: number | null = null;
  const wire: EventLog = Object.assign(Object.create(own) as EventLog, {
    streams: own.streams,
    readAfter: (stream: number, ...rest: [number, number]) => (stream === failing ? Promise.reject(new Fault('transient', 'log.timeout', 'not now')) : own.readAfter(stream, ...rest)),
  });
  const rounds = new HandRounds();
  const tail = new Tail(wire, rounds);
  let told = 0;
  tail.join(() => (told += 1));
  await rounds.make();
  const before = told;
  await remind(log, runOf(1), 1);
  const [at] = (await Promise.all([0, 1].map(async (stream) => ((await own.lastSequence(stream)) > 0 ? stream : null)))).filter((stream) => stream !== null);
  failing = 1 - (at as number);
  await rounds.make();
  expect([tail.isFailing, told]).toEqual([true, before]);
  failing = null;
  await rounds.make();
  expect([tail.isFailing, told]).toEqual([false, before + 1]);
  await rounds.make();
  expect(told).toBe(before + 1);
});
