import { AgentName, VersionHash } from '@soloist/contracts';
import { z } from 'zod';

export { AgentName };

const because = z.string().min(1).max(500).default('No reason was given.');
export const Pin = z.strictObject({ version: VersionHash, because }).meta({ id: 'Pin' });
export type Pin = z.output<typeof Pin>;
export const Unpin = z.strictObject({ because }).meta({ id: 'Unpin' });
export type Unpin = z.output<typeof Unpin>;

/** `version`: what new runs take now. `isOnRecord` false: the wish is durable, and was not carried out within ten seconds. */
export const PinOutcome = z
  .strictObject({ name: z.string(), version: z.string(), latest: z.string(), isPinned: z.boolean(), isOnRecord: z.boolean() })
  .meta({ id: 'PinOutcome' });
export type PinOutcome = z.output<typeof PinOutcome>;
