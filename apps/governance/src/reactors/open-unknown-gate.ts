/**
 * Nobody knows whether an effect happened: ask the operator. Nothing is sent again without an answer.
 *
 * I1 of an effect whose person was erased the operator is asked as well, without its arguments: the answer ends the run
 */
import type { EffectEvent } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import { reactor } from '@soloist/service';
import { commitWithLadder } from '../decisions/open-with-ladder.js';
import { termsOf } from '../decisions/terms.js';
import { openUnknownGate as open } from '../domain/gate.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

const ERASED_CHOICE = 'The person it is about was erased since, so it cannot be sent again; reject to leave it as it is and let the run end.';

export const openUnknownGate = reactor<GovernancePorts, EffectEvent, 'connectors.effect.unknown'>({
  name: 'open-unknown-gate',
  on: ['connectors.effect.unknown'],
  react: async ({ event, commit }, work) => {
    const runId = commit.address.key;
    const { effectId, generation, because, reconcileHint } = event.data;
    const authorization = (await work.load(gates, runId)).state.authorizations.get(effectId);
    // An outcome of something that was never authorized is not governance's to ask about.
    if (authorization === undefined) throw new Error(`effect ${effectId} of run ${runId} has an outcome, but no authorization`);
    const terms = await termsOf(work, runId, authorization.policyVersion);
    const choice = isErased(authorization.args) ? ERASED_CHOICE : 'Approve to send it once more; reject to leave it as it is.';
    const reasons = [`The outcome is unknown: ${because}`, reconcileHint, choice];
    await commitWithLadder(work, runId, `ask:${effectId}:${generation}`, commit.at, terms, (state, now) => open(state, { runId, effectId, generation, reasons }, terms, now));
  },
});
