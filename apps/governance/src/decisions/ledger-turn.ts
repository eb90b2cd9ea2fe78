/**
 * The ledger is one entity that every run writes to. Within a process its writers take turns, so that they meet as
 * conflicts only across processes, where the log decides.
 */
const tails = new WeakMap<object, Promise<unknown>>();

/** `owner` stands for the process: its ports. */
export function inTurn<T>(owner: object, work: () => Promise<T>): Promise<T> {
  const turn = (tails.get(owner) ?? Promise.resolve()).then(work, work);
  tails.set(owner, turn);
  return turn;
}
