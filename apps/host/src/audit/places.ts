/** Places on the log whose commits a package holds: numbers only, so that many cost little. */
import type { StreamReach } from './find-acts.js';

export class Places {
  private readonly added = new Map<string, Set<number>>();
  private sorted: ReadonlyMap<string, Float64Array> | null = null;

  /** @param reaches whose window is in as a whole */
  constructor(private readonly reaches: readonly StreamReach[]) {}

  add(stream: string, sequence: number): void {
    const own = this.added.get(stream) ?? new Set<number>();
    this.added.set(stream, own.add(sequence));
    this.sorted = null;
  }

  has(stream: string, sequence: number): boolean {
    const window = this.windowOf(stream);
    return (sequence >= window.from && sequence <= window.to && window.to > 0) || this.added.get(stream)?.has(sequence) === true;
  }

  /** Whether any lies behind `after`, up to `upTo`. */
  hasWithin(stream: string, after: number, upTo: number): boolean {
    const window = this.windowOf(stream);
    if (window.to > after && window.from <= upTo && window.to > 0) return true;
    const own = this.inOrder().get(stream);
    if (own === undefined) return false;
    let low = 0;
    let high = own.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((own[middle] ?? 0) > after) high = middle;
      else low = middle + 1;
    }
    return low < own.length && (own[low] ?? 0) <= upTo;
  }

  last(stream: string): number {
    return Math.max(this.inOrder().get(stream)?.at(-1) ?? 0, this.windowOf(stream).to);
  }

  private windowOf(stream: string): Pick<StreamReach, 'from' | 'to'> {
    return this.reaches.find((reach) => reach.stream === stream) ?? { from: 0, to: 0 };
  }

  private inOrder(): ReadonlyMap<string, Float64Array> {
    this.sorted ??= new Map([...this.added].map(([stream, own]) => [stream, Float64Array.from(own).sort()]));
    return this.sorted;
  }
}
