/** The operator has looked at an effect that went without a decision. */
import { ReviewEffect } from '@soloist/contracts';
import type { CommandReactor } from '@soloist/service';
import { gateWishOf } from '../decisions/gate-wish.js';
import { reviewEffect as review } from '../domain/gate-review.js';
import { gates } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

export const reviewEffect: CommandReactor<GovernancePorts> = {
  name: 'review-effect',
  on: 'governance.gate.review',
  react: async (command, work) => {
    const wish = gateWishOf(ReviewEffect, command);
    await work.commit(gates, wish.runId, `review:${wish.effectId}`, (state) => review(state, command.id, wish), { actor: wish.by });
  },
};
