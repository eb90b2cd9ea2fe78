/** Judges one agent file by itself, wherever it lies: what an operator wants to know before putting it into the catalog. */
import { AgentDefinition } from '@soloist/contracts';
import type { CatalogAgent } from './agents.js';
import type { CatalogProblem } from './catalog-error.js';
import { readYamlFile } from './yaml-file.js';
import { versionHashOf } from './version-hash.js';

export type AgentCheck =
  | { readonly ok: true; readonly agent: CatalogAgent }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] };

/** Never throws for what is wrong with the file; all its problems are told at once. */
export function checkAgentFile(file: string): AgentCheck {
  const result = readYamlFile(file, AgentDefinition);
  if (!result.ok) return result;
  const { value: definition } = result.read;
  return { ok: true, agent: { name: definition.name, version: versionHashOf(definition), definition, origin: file } };
}
