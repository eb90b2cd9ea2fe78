/** The operator puts a policy into force. Done if its id is the cause of an event. */
import { z } from 'zod';
import { VersionHash } from '../scalars.js';
import { PolicyDocument } from './policy.js';

export const AdoptPolicy = z.strictObject({
  type: z.literal('governance.policy.adopt'),
  version: VersionHash,
  document: PolicyDocument,
  /** The version the operator saw in force; another one there by now makes the wish void. */
  replaces: VersionHash,
  by: z.string().min(1).max(200),
});
export type AdoptPolicy = z.output<typeof AdoptPolicy>;
