/**
 * A gate's timer is due: climb the rung that is due, and arm the next.
 *
 * I1 the due message says only "look now"; what is due follows from the gate's history and its policy
 * I2 the next rung is armed before this one is on record, so that a crash in between loses no rung
 * I3 a timer that comes too early by the broker's own clock is armed again; no other clock is asked
 */
import { z } from 'zod';
import { Fault } from '@soloist/kernel';
import type { TimerReactor } from '@soloist/service';
import { armRung } from '../decisions/gate-timer.js';
import { termsOf } from '../decisions/terms.js';
import { climb, nextRung } from '../domain/gate-ladder.js';
import { evolveGates } from '../domain/gate-state.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

const Look = z.strictObject({ gateId: z.string() });

export const walkGate: TimerReactor<GovernancePorts> = {
  name: 'walk-gate',
  on: 'gate',
  react: async (due, work) => {
    const look = Look.safeParse(due.body);
    if (!look.success) throw new Fault('invalid', 'gate.bad-timer', `timer ${due.timerId} does not say which gate to look at`);
    const { gateId } = look.data;
    const runId = due.address.key;
    const { state } = await work.load(gates, runId);
    const record = state.gates.get(gateId);
    // Its opening was never written, or it is decided: nobody waits.
    if (record === undefined) return;
    const { document, policyVersion } = await termsOf(work, runId, record.card.policyVersion);
    const rung = nextRung(record, document);
    if (rung === null) return;
    if (Date.parse(due.firedAt) < Date.parse(rung.dueAt)) return armRung(work.log, runId, gateId, rung);
    const after = climb(state, gateId, document, due.firedAt).reduce(evolveGates, state).gates.get(gateId);
    const following = after === undefined ? null : nextRung(after, document);
    if (following !== null) await armRung(work.log, runId, gateId, following);
    const step = `walk:${gateId}:${rung.name}`;
    await work.commit(gates, runId, step, (current, now) => climb(current, gateId, document, now > due.firedAt ? now : due.firedAt), { policy: policyVersion });
  },
};
