/** When the code of a program has gone as far as it can. */

/** Enough for code that goes from one step to the next; what takes longer waits for the turn of the process. */
const QUICK_HOPS = 12;

/**
 * Until everything that can go on without the world has gone on. What is decided need not wait for that: what comes
 * later goes into a later commit, and a turn of a busy process is long.
 */
export async function comeToRest(isDecided: () => boolean): Promise<void> {
  for (let hop = 0; hop < QUICK_HOPS; hop += 1) await undefined;
  if (!isDecided()) await new Promise<void>((resolve) => setImmediate(resolve));
}
