/** What the orchestrator refuses. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const ORCHESTRATOR_ERRORS = {
  'run.other-agent': {
    kind: 'rejection',
    meaning: 'Budget was granted for another agent than the run was requested for.',
    remedy: 'Report it: this is a defect of governance or a forged grant.',
  },
  'run.not-admitted': {
    kind: 'rejection',
    meaning: 'A run finished that was never admitted.',
    remedy: 'Report it: this is a defect.',
  },
  'run.not-requested': {
    kind: 'rejection',
    meaning: 'Governance answered for a run that was never requested.',
    remedy: 'Report it: this is a defect or a damaged log; run ./soloist log verify.',
  },
} as const satisfies ErrorTable;
