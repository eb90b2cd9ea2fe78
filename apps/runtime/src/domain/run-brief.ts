/** What a run works on besides its own history: facts of other services, read once from the log. */
import type { AgentDefinition, RecalledFact } from '@soloist/contracts';
import type { Trust } from '@soloist/kernel';

export interface RunInput {
  readonly from: { readonly name: string; readonly address: string };
  readonly to: readonly { readonly name: string; readonly address: string }[];
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  readonly trust: Trust;
}

export interface RunRecall {
  readonly recallId: string;
  /** Best first. */
  readonly facts: readonly RecalledFact[];
  /** Oldest first. */
  readonly session: readonly { readonly role: string; readonly text: string }[];
}

export interface RunBrief {
  readonly definition: AgentDefinition;
  readonly input: RunInput;
  /** Null while memory has not answered. */
  readonly recall: RunRecall | null;
}

/** What memory is asked for: the mail itself, as much of it as helps a search. */
export function recallQueryOf(input: RunInput): string {
  return `${input.subject}\n${input.text}`.slice(0, 2_000).toWellFormed();
}
