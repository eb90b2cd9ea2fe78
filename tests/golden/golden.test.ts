/** What earlier releases have written is read by the code of today. */
import { EVENT_CONTRACTS } from '@soloist/contracts';
import { describe, expect, test } from 'vitest';
import { archived, decoded, missingEvents, nameOf } from './archive.js';

const archive = archived();

describe('the bytes of released events', () => {
  test('are there, each once, for every type and for every version before the present one', () => {
    const names = archive.map(nameOf);
    expect(names.length).toBeGreaterThan(50);
    expect(new Set(names).size).toBe(names.length);
    const needed = [...EVENT_CONTRACTS].flatMap(([type, { version }]) => Array.from({ length: version - 1 }, (_, index) => nameOf({ type, version: index + 1 })));
    expect(needed.filter((name) => !names.includes(name)), 'a version was left behind without its bytes: run npm run golden before raising a version').toEqual([]);
  });

  test.each(archive.map((golden) => [nameOf(golden), golden] as const))('[G26] %s decodes', async (_name, golden) => {
    const contract = EVENT_CONTRACTS.get(golden.type);
    expect(contract, 'an event that was released cannot be taken away').toBeDefined();
    const commit = await decoded(golden);
    const [event] = commit?.events ?? [];
    expect(event?.type).toBe(golden.type);
    // Lifted data was checked by the contract of today; data of the present version is what it was.
    if (golden.version === contract?.version) expect(event?.data).toEqual(golden.data);
    expect(contract?.schema.safeParse(event?.data).success).toBe(true);
  });

  test('hold what is personal sealed, so that the seals of old releases open as well', () => {
    const sealed = archive.filter(({ type }) => (EVENT_CONTRACTS.get(type)?.personal.length ?? 0) > 0);
    expect(sealed.length).toBeGreaterThan(8);
    expect(sealed.filter(({ body }) => !body.includes('"$sealed"')).map(nameOf)).toEqual([]);
  });

  test('can be made for every event there is, in the form in which it is stored', async () => {
    const made = await missingEvents([], 'test');
    expect(made).toHaveLength(EVENT_CONTRACTS.size);
    for (const golden of made) expect((await decoded(golden))?.events[0]?.data, nameOf(golden)).toEqual(golden.data);
  });
});
