/**
 * Agents become rows, each as new runs take it.
 *
 * I1 what is published while an agent is pinned is told as its latest version and changes nothing else
 */
import type { DefinitionEvent } from '@soloist/contracts';
import type { Commit } from '@soloist/eventlog';
import type { RowSet } from './row-set.js';

export function projectAgent(rows: RowSet, event: DefinitionEvent, { at }: Commit): void {
  const { version, definition } = event.data;
  const { name, purpose, model, actions, budget } = definition;
  const before = rows.agents.get(name);
  if (event.type === 'governance.definition.published' && before !== null && before.pin !== null) return rows.agents.put(name, { ...before, latest: version });
  const isPin = event.type === 'governance.definition.pinned';
  const pin = isPin ? { by: event.data.by, at } : null;
  const latest = isPin && before !== null ? before.latest : version;
  const publishedAt = event.type === 'governance.definition.published' || before === null ? at : before.publishedAt;
  rows.agents.put(name, { name, version, latest, pin, purpose, model: model.alias, actions, perRunMicros: budget.perRunMicros, currency: budget.currency, publishedAt });
}
