/** Which acts a package is about. */

export interface AuditSelection {
  /** RFC 3339, UTC: the first moment that counts; null: from the beginning. */
  readonly since: string | null;
  /** RFC 3339, UTC: the first moment that does not count any more; null: to the end. */
  readonly until: string | null;
  /** Only acts of these runs, and these acts; both empty: all. */
  readonly runs: readonly string[];
  readonly acts: readonly string[];
  /** Every commit of the range goes in, whatever it is about, so that none can be missing. */
  readonly isComplete: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;
const DAY_MS = 86_400_000;

/** A UTC day or moment as a moment; of a day that ends a range, its end. Null when the text is neither. */
export function momentOf(text: string, edge: 'since' | 'until'): string | null {
  if (!DAY.test(text) && !MOMENT.test(text)) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text.slice(0, 10)) return null;
  return new Date(DAY.test(text) && edge === 'until' ? at + DAY_MS : at).toISOString();
}

export function isInRange(at: string, { since, until }: Pick<AuditSelection, 'since' | 'until'>): boolean {
  return (since === null || at >= since) && (until === null || at < until);
}

export function isChosen({ runId, effectId }: { readonly runId: string; readonly effectId: string }, { runs, acts }: AuditSelection): boolean {
  return (runs.length === 0 && acts.length === 0) || runs.includes(runId) || acts.includes(effectId);
}
