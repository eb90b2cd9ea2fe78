/**
 * Agents are data: one YAML file each, checked against AgentDefinition.
 *
 * I1 a version is the hash of the definition with its defaults filled in, so that layout and comments never make one
 * I2 names are unique in a folder
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AgentDefinition } from '@soloist/contracts';
import { CatalogError, type CatalogProblem } from './catalog-error.js';
import { AGENTS_FOLDER } from './folders.js';
import { versionHashOf } from './version-hash.js';
import { readYamlFile, topProblem } from './yaml-file.js';

export interface CatalogAgent {
  readonly name: string;
  readonly version: string;
  readonly definition: AgentDefinition;
  /** The file it was read from. */
  readonly origin: string;
}

/**
 * All agents of a folder, sorted by name; without an argument those shipped with Soloist.
 * @throws CatalogError naming every problem of every file
 */
export function loadAgents(folder: string = AGENTS_FOLDER): readonly CatalogAgent[] {
  const problems: CatalogProblem[] = [];
  const agents = new Map<string, CatalogAgent>();
  for (const file of filesIn(folder)) {
    const result = readYamlFile(file, AgentDefinition);
    if (!result.ok) {
      problems.push(...result.problems);
      continue;
    }
    const { value: definition, place } = result.read;
    const first = agents.get(definition.name);
    if (first === undefined) {
      agents.set(definition.name, { name: definition.name, version: versionHashOf(definition), definition, origin: file });
    } else {
      const reason = `the name ${definition.name} is already taken by ${first.origin}`;
      problems.push({ file, ...place(['name']), path: 'name', reason, next: 'give this agent another name' });
    }
  }
  if (problems.length > 0) throw new CatalogError(problems);
  return [...agents.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CatalogError([topProblem(folder, `the folder cannot be read (${code})`, 'create it, or name the right folder')]);
  }
}
