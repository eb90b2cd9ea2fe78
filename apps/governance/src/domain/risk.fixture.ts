/** The facts of an action about which there is nothing to worry; tests change one at a time. */
import type { JudgedFacts } from '@soloist/contracts';

export const calm: JudgedFacts = {
  effect: 'external',
  context: 'owner',
  sinks: [],
  asked: 'asked',
  isForbidden: false,
  amountMicros: null,
  reach: 1,
  hasNewRecipient: false,
  repeats: 0,
  isReversible: true,
  dataClass: 'internal',
  confidence: null,
  isQuietHours: false,
};
