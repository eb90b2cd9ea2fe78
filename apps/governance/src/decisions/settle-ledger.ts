/** Books what a run used and frees the rest of its envelope; changes nothing when it holds no reservation. */
import type { Work } from '@soloist/service';
import { LEDGER_KEY, NO_USAGE, settleEnvelope } from '../domain/budget.js';
import type { Usage } from '../domain/ledger.js';
import { ledgers } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';
import { inTurn } from './ledger-turn.js';

export async function settleLedger(work: Work<GovernancePorts>, runId: string, spentMicros: number, usage: Usage = NO_USAGE): Promise<void> {
  await inTurn(work.ports, () => work.commit(ledgers, LEDGER_KEY, 'settle', (ledger) => settleEnvelope(ledger, runId, spentMicros, usage)));
}
