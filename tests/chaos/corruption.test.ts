/** The short version; `node … tests/chaos/corruption.main.ts 10000` does the long one. */
import { expect, test } from 'vitest';
import { ON_BYTES, ON_MESSAGES } from './corruption-changes.js';
import { damageLog } from './corruption.js';
import { STORE_CHANGES } from './corruption-store.js';

test('[G22] random damage to the files of the broker, to exports and to messages is noticed, or changes nothing that is read', async () => {
  const { made, detected, missed, harmless, brokerStarts, byKind } = await damageLog(220, 7, () => undefined);
  expect(missed).toEqual([]);
  expect(made).toBe(220);
  expect(detected + harmless).toBe(made);
  // A run that made nothing worth noticing proves nothing.
  expect(detected).toBeGreaterThan(made * 0.8);
  expect(brokerStarts).toBe(22);
  expect(Object.keys(byKind).sort()).toEqual([...new Set([...Object.keys(ON_BYTES), ...Object.keys(ON_MESSAGES), ...STORE_CHANGES])].sort());
}, 240_000);
