/** What memory fails at. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const MEMORY_ERRORS = {
  'memory.vector-invalid': {
    kind: 'invalid',
    meaning: 'A vector has the wrong size or holds no numbers.',
    remedy: 'Check the embedding model; the dead letter names the fact.',
  },
} as const satisfies ErrorTable;
