import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';

/**
 * The company stop, one entity for each event stream (an expectation sees only its own stream). The key is the first
 * of `halt-0`, `halt-1`, … whose bucket lies in that stream.
 */
export const halt = entityContract('governance', 'halt', {
  raised: event(1, z.strictObject({ generation: z.int().positive(), by: z.string(), because: z.string() })),
  lifted: event(1, z.strictObject({ generation: z.int().positive(), by: z.string(), because: z.string() })),
});
export type HaltEvent = EventOf<typeof halt>;
