import { PolicyDocument } from '@soloist/contracts';
import { CatalogError } from './catalog-error.js';
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
  const seen = new Set<string>();
  document.actions.forEach(({ action }, index) => {
    if (seen.has(action)) {
      const path = ['actions', index, 'action'];
      throw new CatalogError([{ file, ...place(path), path: `actions[${index}].action`, reason: `a line before names ${action} too`, next: 'keep one line for each action' }]);
    }
    seen.add(action);
  });
  return { version: versionHashOf(document), document, origin: file };
}
