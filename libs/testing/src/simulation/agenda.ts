/**
 * Virtual time: everything that happens in a simulated world is a task at a moment, and the agenda alone decides what
 * is next. Code under simulation advances by microtasks only; they are run to their end before the next task.
 *
 * I1 the same tasks put in the same order happen in the same order
 * I2 a task of a machine happens only while that machine is up and not stopped
 */
import type { Scheduler } from '@soloist/eventlog';
import type { Random } from './random.js';

/** Whose task it is; the world's own when nobody's. */
export interface Owner {
  readonly isUp: boolean;
  /** Its tasks wait until then. */
  readonly stoppedUntilMs: number;
}

interface Task {
  atMs: number;
  readonly order: number;
  readonly owner: Owner | null;
  /** False when it starts nothing that goes on in microtasks. */
  readonly isAwaited: boolean;
  run: (() => void) | null;
}

/** Node runs all microtasks between two of them. */
const inTurn = setImmediate;
/** Turns asked for at once: between two rounds Node looks for input, which there is none of. */
const TURNS = 32;
const LONGEST_SOON_MS = 2;

export class Agenda implements Scheduler {
  readonly #random: Random;
  readonly #heap: Task[] = [];
  #nowMs = 0;
  #order = 0;
  #current: Owner | null = null;

  /** @param originMs the moment of the outside world at which virtual time begins: what broker timers are armed by */
  constructor(
    random: Random,
    readonly originMs = 0,
  ) {
    this.#random = random;
  }

  /** The machine whose task is happening now. */
  get current(): Owner | null {
    return this.#current;
  }

  now(): number {
    return this.#nowMs;
  }

  soon(task: () => void): void {
    this.put(null, this.#random.between(0, LONGEST_SOON_MS), false, task);
  }

  after(ms: number, task: () => void): () => void {
    return this.put(null, ms, false, task);
  }

  put(owner: Owner | null, ms: number, isAwaited: boolean, run: () => void): () => void {
    this.#order += 1;
    const task: Task = { atMs: this.#nowMs + ms, order: this.#order, owner, isAwaited, run };
    push(this.#heap, task);
    return () => {
      task.run = null;
    };
  }

  /**
   * Lets task after task happen until there is none. After each task and all that it starts, `afterStep` looks at the
   * world: `go-on`; `wait` when it started something of its own, and it is asked again once that is done; or `stop`.
   */
  run(afterStep: () => 'go-on' | 'wait' | 'stop'): Promise<void> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      let isUnseen = false;
      const turn = (): void => {
        if (isOver) return;
        try {
          do {
            if (isUnseen) {
              const word = afterStep();
              if (word === 'wait') return;
              isUnseen = false;
              if (word === 'stop') return end();
            }
            this.#current = null;
            const task = this.#step();
            if (task === null) return end();
            isUnseen = true;
            if (task.isAwaited) return;
          } while (true);
        } catch (error) {
          isOver = true;
          reject(error as Error);
        }
      };
      const end = (): void => {
        isOver = true;
        this.#current = null;
        resolve();
      };
      const round = (): void => {
        for (let count = 1; count < TURNS; count += 1) inTurn(turn);
        inTurn(() => {
          turn();
          if (!isOver) round();
        });
      };
      round();
    });
  }

  /** The next task happens; null when there is none. */
  #step(): Task | null {
    for (;;) {
      const task = pop(this.#heap);
      if (task === undefined) return null;
      const { owner, run } = task;
      if (run === null || owner?.isUp === false) continue;
      if (owner !== null && owner.stoppedUntilMs > Math.max(task.atMs, this.#nowMs)) {
        task.atMs = owner.stoppedUntilMs;
        push(this.#heap, task);
        continue;
      }
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      this.#current = owner;
      run();
      return task;
    }
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}

function push(heap: Task[], task: Task): void {
  let index = heap.length;
  heap.push(task);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, task)) break;
    heap[index] = above;
    index = parent;
  }
  heap[index] = task;
}

function pop(heap: Task[]): Task | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    const left = heap[child];
    if (left === undefined) break;
    const right = heap[child + 1];
    const least = right !== undefined && isBefore(right, left) ? right : left;
    if (least === right) child += 1;
    if (isBefore(last, least)) break;
    heap[index] = least;
    index = child;
  }
  heap[index] = last;
  return first;
}
