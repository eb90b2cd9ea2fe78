/** Follows a run by the API and shows each event as it comes. */
import { setTimeout as pause } from 'node:timers/promises';
import { ENDED_STATES, type Episode, type RunSummary } from '../api/shapes.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { linesOf } from '../episode.js';
import type { Output } from '../output.js';
import type { Stage } from './demo-stage.js';

const LOOK_EVERY_MS = 100;

export class RunFollower {
  private readonly seen = new Set<string>();

  constructor(
    private readonly stage: Stage,
    private readonly output: Output,
    private readonly started: number,
  ) {}

  /** The run that a mail led to. @throws Failure when none appears in time */
  async runOf(inputId: string, timeoutMs: number): Promise<RunSummary> {
    return this.until(timeoutMs, 'the mail led to no run', async () => {
      const { runs } = await this.stage.api.get<{ runs: readonly RunSummary[] }>('/v1/runs?limit=100');
      return runs.find((run) => run.inputId === inputId) ?? null;
    });
  }

  /** Shows events until the run waits for a decision or has ended. */
  untilDecisionNeeded(runId: string, timeoutMs: number): Promise<RunSummary> {
    return this.follow(runId, timeoutMs, 'no gate was opened', (run) => run.openGates.length > 0 || ENDED_STATES.includes(run.state));
  }

  /** Until the run is closed and its money is released: nothing more will be written about it. */
  untilClosed(runId: string, timeoutMs: number): Promise<RunSummary> {
    const last = ['orchestrator.run.closed', 'governance.hold.released'];
    return this.follow(runId, timeoutMs, 'the run was not closed', (_run, { commits }) => {
      const types = new Set(commits.flatMap(({ events }) => events.map(({ type }) => type)));
      return last.every((type) => types.has(type));
    });
  }

  async episode(runId: string): Promise<Episode> {
    return this.stage.api.get<Episode>(`/v1/runs/${runId}/episode`);
  }

  private follow(runId: string, timeoutMs: number, what: string, isThere: (run: RunSummary, episode: Episode) => boolean): Promise<RunSummary> {
    return this.until(timeoutMs, what, async () => {
      const run = await this.stage.api.get<RunSummary>(`/v1/runs/${runId}`);
      const episode = await this.episode(runId);
      this.show(episode);
      return isThere(run, episode) ? run : null;
    });
  }

  private show({ commits }: Episode): void {
    for (const commit of commits) {
      if (this.seen.has(commit.id)) continue;
      this.seen.add(commit.id);
      for (const { at, type, summary } of linesOf(commit)) {
        this.output.json({ type: 'demo.event', at, event: type, summary });
        const seconds = Math.max(0, (Date.parse(at) - this.started) / 1_000);
        this.output.line(`${seconds.toFixed(2).padStart(7)} s  ${type.padEnd(34)}  ${summary}`.trimEnd());
      }
    }
  }

  private async until<T>(timeoutMs: number, what: string, look: () => Promise<T | null>): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      if (performance.now() > deadline) throw new Failure('demo.too-slow', `${what} within ${timeoutMs / 1_000} s`, `${this.stage.prefix}./soloist run list; the log lies in ${this.stage.paths.hostLog}`, EXIT.timedOut);
      await pause(LOOK_EVERY_MS);
    }
  }
}
