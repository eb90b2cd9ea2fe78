/** How many runs are not finished: they pause with the host and go on with the next start. */
import { readIfThere } from './atomic-file.js';
import type { HostPaths } from './paths.js';

/** Null when the API cannot say. */
export async function countOpenRuns(api: string, paths: HostPaths): Promise<number | null> {
  const token = (await readIfThere(paths.apiToken))?.trim() ?? '';
  try {
    const response = await fetch(`${api}/v1/runs?limit=500`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(1_500) });
    if (!response.ok) return null;
    const body = (await response.json()) as { runs?: readonly { state?: string }[] };
    return body.runs?.filter(({ state }) => state !== 'closed').length ?? null;
  } catch {
    // The question is a courtesy: a stop must work with an API that is already gone.
    return null;
  }
}
