/**
 * Where the time of an effect goes: for each commit between the request and the outcome that the run has seen, how long
 * it took to come to it after the commit before was acknowledged (delivery, reads, the decision), and how long it took to
 * be acknowledged itself. Runs one after the other only: commits of different runs are not told apart by time.
 */
import { performance } from 'node:perf_hooks';
import type { CommitDraft } from '@soloist/eventlog';
import { median } from './figure.js';

interface Hop {
  readonly toIt: number[];
  readonly acknowledged: number[];
}

/** The events an effect's commits are told by; a commit that holds none of them is no hop. */
const HOPS = ['governance.gate.authorized', 'connectors.effect.attempted', 'connectors.arming.armed', 'connectors.effect.succeeded', 'runtime.loop.effect-observed'] as const;
const REQUESTED = 'runtime.loop.effect-requested';

export class Timeline {
  private readonly hops = new Map<string, Hop>();
  private before: number | null = null;

  reset(): void {
    this.hops.clear();
    this.before = null;
  }

  /** Sees an append from before it is sent until it is acknowledged. */
  async through<T>(draft: CommitDraft, append: () => Promise<T>): Promise<T> {
    const types = draft.events.map(({ type }) => type as string);
    const name = HOPS.filter((hop) => types.includes(hop)).join(' + ');
    const started = performance.now();
    const appended = await append();
    const ended = performance.now();
    if (name !== '' && this.before !== null) this.note(name, started - this.before, ended - started);
    if (types.includes(REQUESTED)) this.before = ended;
    else if (name !== '') this.before = types.includes('runtime.loop.effect-observed') ? null : ended;
    return appended;
  }

  /** One line a hop, medians in milliseconds, and what they come to together. */
  print(title: string): void {
    let waited = 0;
    let written = 0;
    for (const [name, { toIt, acknowledged }] of this.hops) {
      waited += median(toIt);
      written += median(acknowledged);
      process.stderr.write(`${title}: ${name}: ${median(toIt).toFixed(2)} ms until it was written, ${median(acknowledged).toFixed(2)} ms until it was acknowledged (${toIt.length} times)\n`);
    }
    process.stderr.write(`${title}: together ${waited.toFixed(2)} ms between commits, ${written.toFixed(2)} ms in commits\n`);
  }

  private note(name: string, toIt: number, acknowledged: number): void {
    const hop = this.hops.get(name) ?? { toIt: [], acknowledged: [] };
    hop.toIt.push(toIt);
    hop.acknowledged.push(acknowledged);
    this.hops.set(name, hop);
  }
}
