import type { GateEvent } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { editIn } from './edit.js';

const opened = (gateId: string, effectId: string): GateEvent => ({ type: 'governance.gate.opened', data: { gateId, effectId } } as GateEvent);
const edited = (gateId: string): GateEvent => ({ type: 'governance.gate.edited', data: { gateId, label: 'edited by operator', fields: ['text'], args: { to: ['a@b.example'], text: 'changed' } } } as unknown as GateEvent);

test('[V6] the agent is told which fields the operator changed, and what stands there instead', () => {
  expect(editIn([opened('r-g1', 'e1'), edited('r-g1')], 'e1')).toEqual({ edited: { label: 'edited by operator', fields: ['text'], instead: { text: 'changed' } } });
});

test('an edit of another effect is not told', () => {
  expect(editIn([opened('r-g1', 'e1'), opened('r-g2', 'e2'), edited('r-g1')], 'e2')).toBeNull();
  expect(editIn([opened('r-g1', 'e1')], 'e1')).toBeNull();
});
