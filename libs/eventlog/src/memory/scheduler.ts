/** Time and order as the in-memory broker sees them; the simulator brings its own, seeded. */
export interface Scheduler {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Milliseconds since 1970 when `now()` is 0, for what is due at a moment of the wall clock; 0 unless given. */
  readonly originMs?: number;
  /** Runs a task after the present one; whoever implements this decides in which order. */
  soon(task: () => void): void;
  /** Runs a task after some time; answers how to call it off. */
  after(ms: number, task: () => void): () => void;
}

export const processScheduler: Scheduler = {
  now: () => performance.now(),
  originMs: performance.timeOrigin,
  soon: (task) => void setImmediate(task),
  after(ms, task) {
    // A timer of Node may ring a millisecond early by the time of day; nothing that is due may come before its moment.
    const timer = setTimeout(task, ms > 0 ? ms + 1 : ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
