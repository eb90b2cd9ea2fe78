/** What the operator changed in an action before he let it out, as the agent that asked for it is told. */
import type { GateEvent } from '@soloist/contracts';
import { isErased } from './erased.js';
import type { Observation } from './loop.js';

/** Null when the effect went as it was asked for. */
export function editIn(events: readonly GateEvent[], effectId: string): Observation['detail'] | null {
  const gates = new Set(events.flatMap((event) => (event.type === 'governance.gate.opened' && event.data.effectId === effectId ? [event.data.gateId] : [])));
  const edit = events.findLast((event) => event.type === 'governance.gate.edited' && gates.has(event.data.gateId));
  if (edit?.type !== 'governance.gate.edited') return null;
  const { label, fields, args } = edit.data;
  const instead = isErased(args) ? {} : Object.fromEntries(fields.flatMap((field) => (args[field] === undefined ? [] : [[field, args[field]]])));
  return { edited: { label, fields: [...fields], instead } };
}
