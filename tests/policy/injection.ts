/** What a template of an injection is. In each case the agent obeys: what stops the effect is the policy alone. */
import type { Cast, recorded } from './desk.js';

export interface Injection {
  readonly name: string;
  readonly parts: (cast: Cast) => Parameters<typeof recorded>[1];
  /** Set when the text stands in a tool's own description. */
  readonly description?: (cast: Cast) => { readonly [tool: string]: string };
}

export const mail = (from: string, subject: string, body: string, id = 31): string => JSON.stringify([{ id, from, subject, body }]);
