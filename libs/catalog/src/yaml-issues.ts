/** From what the schema found to what the operator reads. */
import type { Document, LineCounter } from 'yaml';
import type { z } from 'zod';
import type { CatalogProblem } from './catalog-error.js';
import { placeOf, placeOfKey } from './yaml-place.js';

type Issue = z.core.$ZodIssue;

export function problemsOfIssues(file: string, document: Document.Parsed, lines: LineCounter, issues: readonly Issue[]): readonly CatalogProblem[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({
        file,
        ...placeOfKey(document, lines, issue.path, key),
        path: dotted([...issue.path, key]),
        reason: 'unknown field',
        next: 'remove it, or correct its spelling',
      }));
    }
    return [{ file, ...placeOf(document, lines, issue.path), path: dotted(issue.path), reason: reasonOf(issue), next: nextOf(issue) }];
  });
}

function reasonOf(issue: Issue): string {
  if (isMissing(issue)) return 'is missing';
  return issue.message;
}

function nextOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return isMissing(issue) ? `add it (${issue.expected})` : `write a value of type ${issue.expected}`;
    case 'invalid_value':
      return `use one of: ${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return `use at most ${String(issue.maximum)}`;
    case 'too_small':
      return `use at least ${String(issue.minimum)}`;
    default:
      return 'correct the value; the schema in libs/catalog/schemas describes the field';
  }
}

function isMissing(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
}

function dotted(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`)).join('');
}
