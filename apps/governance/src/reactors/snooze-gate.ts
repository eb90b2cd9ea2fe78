/** The operator does not want to hear of a gate for a while. The timer of the next rung is armed before that is on record. */
import { SnoozeGate } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { CommandReactor } from '@soloist/service';
import { armRung } from '../decisions/gate-timer.js';
import { gateWishOf } from '../decisions/gate-wish.js';
import { termsOf } from '../decisions/terms.js';
import { nextRung, snoozeGate as snooze } from '../domain/gate-ladder.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const snoozeGate: CommandReactor<GovernancePorts> = {
  name: 'snooze-gate',
  on: 'governance.gate.snooze',
  react: async (command, work) => {
    const wish = gateWishOf(SnoozeGate, command);
    const { runId, gateId } = wish;
    const record = (await work.load(gates, runId)).state.gates.get(gateId);
    if (record === undefined) throw new Fault('invalid', 'gate.unknown', `Run ${runId} has no gate ${gateId}. List the open gates.`);
    const { document, policyVersion } = await termsOf(work, runId, record.card.policyVersion);
    const rung = nextRung({ ...record, snoozedUntil: wish.until }, document);
    // A name of its own: the timer that is armed for the rung may be about to fire.
    if (rung !== null) await armRung(work.log, runId, gateId, { ...rung, name: `${rung.name}-${command.id.slice(0, 8)}` });
    // Decided or over by now: then there is nothing to put off, and nothing is recorded.
    await work.commit(gates, runId, `snooze:${gateId}`, (state, now) => snooze(state, command.id, wish, now), { policy: policyVersion, actor: wish.by });
  },
};
