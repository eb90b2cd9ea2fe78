/**
 * Policies are data: YAML files checked against PolicyDocument.
 *
 * I1 a version is the hash of the document, so that layout and comments never make one
 * I2 an action has one line and a rule one name: nothing is decided by which of two stands first
 */
import { PolicyDocument } from '@soloist/contracts';
import { CatalogError, type CatalogProblem } from './catalog-error.js';
import { POLICY_FILE } from './folders.js';
import { versionHashOf } from './version-hash.js';
import { readYamlFile } from './yaml-file.js';

export interface CatalogPolicy {
  readonly version: string;
  readonly document: PolicyDocument;
  readonly origin: string;
}

/** The company's policy. @throws CatalogError naming every problem, with line and column */
export function loadPolicy(file: string = POLICY_FILE): CatalogPolicy {
  const result = readYamlFile(file, PolicyDocument);
  if (!result.ok) throw new CatalogError(result.problems);
  const { value: document, place } = result.read;
  const repeated = (list: string, field: string, names: readonly string[], next: string): readonly CatalogProblem[] =>
    names.flatMap((name, index) =>
      names.indexOf(name) === index ? [] : [{ file, ...place([list, index, field]), path: `${list}[${index}].${field}`, reason: `a line before names ${name} too`, next }],
    );
  const problems = [
    ...repeated('actions', 'action', document.actions.map(({ action }) => action), 'keep one line for each action'),
    ...repeated('rules', 'name', (document.rules ?? []).map(({ name }) => name), 'give this rule another name'),
  ];
  if (problems.length > 0) throw new CatalogError(problems);
  return { version: versionHashOf(document), document, origin: file };
}
