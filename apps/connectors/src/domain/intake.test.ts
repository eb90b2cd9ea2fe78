import { expect, it } from 'vitest';
import { evolveIntake, initialIntake, receiveInput, type InputReceived } from './intake.js';

const input = { inputId: 'input-1', subject: 'Hello' } as InputReceived;

it('given nothing, receives the input', () => {
  expect(receiveInput(initialIntake, input)).toEqual([{ type: 'connectors.intake.input-received', data: input }]);
});

it('[F2] given it was received, changes nothing, whatever comes under the same id (I1)', () => {
  const state = receiveInput(initialIntake, input).reduce(evolveIntake, initialIntake);
  expect(receiveInput(state, input)).toEqual([]);
  expect(receiveInput(state, { ...input, subject: 'Other' })).toEqual([]);
});
