/** Nobody knows whether an effect happened: ask the operator. Nothing is sent again without an answer. */
import type { EffectEvent } from '@soloist/contracts';
import { reactor } from '@soloist/service';
import { termsOf } from '../decisions/terms.js';
import { openUnknownGate as open } from '../domain/gate.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

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
    const reasons = [`The outcome is unknown: ${because}`, reconcileHint, 'Approve to send it once more; reject to leave it as it is.'];
    await work.commit(
      gates,
      runId,
      `ask:${effectId}:${generation}`,
      (state, now) => open(state, { runId, effectId, generation, reasons }, terms, now),
      { policy: terms.policyVersion },
    );
  },
});
