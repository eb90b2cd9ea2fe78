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
  'run.unknown': {
    kind: 'rejection',
    meaning: 'A command names a run that does not exist.',
    remedy: 'List the runs: ./soloist run list.',
  },
  'command.invalid': {
    kind: 'invalid',
    meaning: 'A command breaks its contract.',
    remedy: 'Read the dead letter; the message names the field.',
  },
  'command.misaddressed': {
    kind: 'invalid',
    meaning: 'A command names another run than it is addressed to.',
    remedy: 'Read the dead letter; report it if the API or the command line sent it.',
  },
} as const satisfies ErrorTable;
