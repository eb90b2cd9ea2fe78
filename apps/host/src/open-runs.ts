/** How many runs are not finished: they pause with the host and go on with the next start. */
import { readIfThere } from '@soloist/eventlog/durable-file';
import type { HostPaths } from './paths.js';

/** Runs in these states go nowhere any more. */
const ENDED: readonly string[] = ['done', 'refused', 'failed'];

/** Of the newest 500; null when the API cannot say. */
export async function countOpenRuns(api: string, paths: HostPaths): Promise<number | null> {
  try {
    const token = (await readIfThere(paths.apiToken))?.trim() ?? '';
    const response = await fetch(`${api}/v1/runs?limit=500`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(2_000) });
    if (!response.ok) return null;
    const body = (await response.json()) as { runs?: readonly { state: string }[] };
    return body.runs?.filter(({ state }) => !ENDED.includes(state)).length ?? null;
  } catch {
    // The question is a courtesy: a stop must work with an API that is already gone.
    return null;
  }
}
