/** A gate that nobody decides, on the broker's own timers, with a clock that moves when the test says so. */
import { createMemoryLog, type MemoryLog } from '@soloist/eventlog';
import { expect, test } from 'vitest';
import { gateEvents, HeldTime, openGate, openInProcess, runIdOf, until } from './company.fixture.js';
import { HeldScheduler } from './held-scheduler.fixture.js';

const START = Date.parse('2026-11-24T10:00:00.000Z');
const HOUR_MS = 3_600_000;

async function opened(number: number): Promise<{ log: MemoryLog; scheduler: HeldScheduler; time: HeldTime; runId: string; gateId: string; restart: () => Promise<void>; stop: () => Promise<void>; pass: (hours: number) => void; types: () => Promise<string[]> }> {
  const scheduler = new HeldScheduler(START);
  const log = createMemoryLog({ streams: 8, scheduler });
  const time = new HeldTime(new Date(START).toISOString());
  let current = await openInProcess(undefined, { log, time });
  const runId = runIdOf(number);
  const { gateId } = await openGate(log, runId);
  const pass = (hours: number): void => {
    time.at = new Date(START + hours * HOUR_MS).toISOString();
    scheduler.moveTo(hours * HOUR_MS);
  };
  const restart = async (): Promise<void> => {
    await current.running.stop();
    current = await openInProcess(undefined, { log, time });
  };
  const types = async (): Promise<string[]> => (await gateEvents(log, runId)).map(({ type }) => type.replace('governance.gate.', '')).slice(2);
  return { log, scheduler, time, runId, gateId, restart, stop: () => current.running.stop(), pass, types };
}

test('[V8] a gate left alone walks exactly its ladder, over restarts, without a repeat, and ends in a no', async () => {
  const world = await opened(7_001);
  const ladder: [number, string[]][] = [
    [4.1, ['reminded']],
    [24.1, ['reminded', 'reminded']],
    [48.1, ['reminded', 'reminded', 'escalated']],
    [72.1, ['reminded', 'reminded', 'escalated', 'expired', 'refused']],
  ];
  for (const [hours, expected] of ladder) {
    world.pass(hours - 0.2);
    await world.restart();
    world.pass(hours);
    expect(await until(world.types, (types) => types.length >= expected.length)).toEqual(expected);
  }
  world.pass(500);
  await world.restart();
  expect(await world.types()).toEqual(ladder.at(-1)?.[1]);
  await world.stop();
});

test('[V9] a snoozed gate is not reminded of before its moment, and its end stays where it was', async () => {
  const world = await opened(7_002);
  const wish = { type: 'governance.gate.snooze', runId: world.runId, gateId: world.gateId, until: new Date(START + 30 * HOUR_MS).toISOString(), by: 'operator', surface: 'api' };
  await world.log.connect('governance').log.command({ context: 'governance', entity: 'gate', key: world.runId }, { id: 'snooze-1', actor: 'operator', body: wish });
  await until(world.types, (types) => types.includes('snoozed'));
  world.pass(29);
  await world.restart();
  expect(await world.types()).toEqual(['snoozed']);
  world.pass(30.1);
  expect(await until(world.types, (types) => types.length === 2)).toEqual(['snoozed', 'reminded']);
  world.pass(48.1);
  await until(world.types, (types) => types.length === 3);
  world.pass(72.1);
  expect(await until(world.types, (types) => types.length === 5)).toEqual(['snoozed', 'reminded', 'escalated', 'expired', 'refused']);
  await world.stop();
});
