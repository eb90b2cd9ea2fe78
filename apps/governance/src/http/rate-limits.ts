/**
 * Token buckets, one a key: so many requests at once, and so many a second from then on.
 *
 * I1 in any span of t seconds a key takes no more than burst + perSecond * t
 * I2 what one key takes is taken from no other
 * I3 a clock that was set back neither fills a bucket nor keeps it from filling
 */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Bucket {
  level: number;
  /** Milliseconds. */
  at: number;
}

const MAX_KEYS = 10_000;

export class RateLimit {
  private readonly buckets = new Map<string, Bucket>();

  /** @param now milliseconds, of whatever beginning */
  constructor(
    private readonly rate: Rate,
    private readonly now: () => number,
  ) {}

  /** @returns 0 when one was taken, or else the whole seconds after which one can be */
  take(key: string): number {
    const bucket = this.filled(key);
    if (bucket.level >= 1) {
      bucket.level -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.level) / this.rate.perSecond));
  }

  private filled(key: string): Bucket {
    const at = this.now();
    const bucket = this.buckets.get(key);
    if (bucket === undefined) return this.opened(key, at);
    bucket.level = this.levelAt(bucket, at);
    bucket.at = at;
    return bucket;
  }

  private opened(key: string, at: number): Bucket {
    if (this.buckets.size >= MAX_KEYS) this.forget(at);
    const bucket = { level: this.rate.burst, at };
    this.buckets.set(key, bucket);
    return bucket;
  }

  private levelAt({ level, at: before }: Bucket, at: number): number {
    return Math.min(this.rate.burst, level + (Math.max(0, at - before) / 1_000) * this.rate.perSecond);
  }

  /** A full bucket says what none says. If all are in use the one that was opened first goes. */
  private forget(at: number): void {
    for (const [key, bucket] of this.buckets) if (this.levelAt(bucket, at) >= this.rate.burst) this.buckets.delete(key);
    const [first] = this.buckets.keys();
    if (this.buckets.size >= MAX_KEYS && first !== undefined) this.buckets.delete(first);
  }
}
