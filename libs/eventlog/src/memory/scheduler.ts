/** Time and order as the in-memory broker sees them; the simulator brings its own, seeded. */
export interface Scheduler {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Runs a task after the present one; whoever implements this decides in which order. */
  soon(task: () => void): void;
  /** Runs a task after some time; answers how to call it off. */
  after(ms: number, task: () => void): () => void;
}

export const processScheduler: Scheduler = {
  now: () => performance.now(),
  soon: (task) => void setImmediate(task),
  after(ms, task) {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
