/** What has a form in JSON, and so in a commit. */

/** No tool takes arguments nested deeper; what is deeper could not be walked safely either. */
const MAX_DEPTH = 32;

/** Finite numbers, text, lists and plain objects only, nested no deeper than a tool's arguments may be. */
export function isJson(value: unknown, level = 0): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || level >= MAX_DEPTH) return false;
  return Object.values(value).every((member) => isJson(member, level + 1));
}

export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isJson(value);
}
