/** Wishes about an agent's versions, published by governance's API only and addressed to `governance.definition.<agent>`. */
import { z } from 'zod';
import { AgentName, VersionHash } from '../scalars.js';

const by = z.string().min(1).max(200);
const because = z.string().min(1).max(500);

/** New runs take this version, whatever is published, until it is unpinned. Runs under way keep theirs. */
export const PinAgent = z.strictObject({ type: z.literal('governance.definition.pin'), agent: AgentName, version: VersionHash, by, because });
export type PinAgent = z.output<typeof PinAgent>;

/** New runs take the latest version again. */
export const UnpinAgent = z.strictObject({ type: z.literal('governance.definition.unpin'), agent: AgentName, by, because });
export type UnpinAgent = z.output<typeof UnpinAgent>;
