/** Sessions in the working memory: sealed for their data subject, gone when nobody spoke for a week. */
import type { WorkingMemory } from '@soloist/eventlog';
import { turnsIn, withTurn, type Turn } from '../domain/session.js';

export const SESSION_TTL_MS = 7 * 86_400_000;

/** The bucket's own prefix `memory.` is put in front of it. */
export function sessionKey(dataSubject: string): string {
  return `session.${dataSubject}`;
}

export async function readSession(working: WorkingMemory, dataSubject: string): Promise<readonly Turn[]> {
  return turnsIn(await working.get(sessionKey(dataSubject)));
}

export async function addTurn(working: WorkingMemory, dataSubject: string, turn: Turn): Promise<void> {
  const turns = await readSession(working, dataSubject);
  const next = withTurn(turns, turn);
  if (next === turns) return;
  await working.set(sessionKey(dataSubject), { turns: next }, dataSubject, SESSION_TTL_MS);
}
