/** Where the files that are shipped with Soloist lie. This file stays directly in src (and so in dist). */
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

export const AGENTS_FOLDER = at('agents');
export const ROUTING_RULES_FILE = at('routing/rules.yaml');
export const POLICY_FILE = at('policies/company.yaml');
/** For recorded trajectories, and for an operator who leaves outward effects to rules. */
export const PROVENANCE_POLICY_FILE = at('policies/by-provenance.yaml');
export const SCHEMAS_FOLDER = at('schemas');
