/**
 * Something came in. Keyed by the hash of the source's own id.
 *
 * I1 one fact for each id of the source: whatever comes again under it changes nothing
 */
import type { IntakeEvent } from '@soloist/contracts';

export type InputReceived = Extract<IntakeEvent, { type: 'connectors.intake.input-received' }>['data'];

export interface IntakeState {
  readonly isReceived: boolean;
}

export const initialIntake: IntakeState = { isReceived: false };

export function evolveIntake(_state: IntakeState, event: IntakeEvent): IntakeState {
  switch (event.type) {
    case 'connectors.intake.input-received':
      return { isReceived: true };
  }
}

export function receiveInput(state: IntakeState, input: InputReceived): readonly IntakeEvent[] {
  return state.isReceived ? [] : [{ type: 'connectors.intake.input-received', data: input }];
}
