/**
 * Runs recorded trajectories, one a line, through the policy core. Needs no running host.
 *
 * I1 every line gives its verdicts, in order, or a problem with its number; none stops the rest
 */
import { performance } from 'node:perf_hooks';
import type { PolicyDocument } from '@soloist/contracts';
import { judgeTrajectory, readTrajectory, type JudgedCall } from '@soloist/governance/policy';

export interface TrajectoryProblem {
  /** From 1. */
  readonly line: number;
  readonly path: string;
  readonly reason: string;
}

export interface ReplayTrajectoriesOptions {
  readonly lines: AsyncIterable<string>;
  readonly document: PolicyDocument;
  /** JSON Lines: the verdicts of one trajectory. */
  readonly onVerdicts: (text: string) => void;
  readonly onProblem: (problem: TrajectoryProblem) => void;
}

export interface TrajectoriesSummary {
  readonly trajectories: number;
  readonly problems: number;
  readonly calls: number;
  readonly allow: number;
  readonly gate: number;
  readonly refuse: number;
  readonly external: number;
  readonly externalStopped: number;
  readonly interrupted: number;
  /** Like calls of a trajectory (same tool, same kind) are one question to the operator. */
  readonly groups: number;
  /** Most frequent first. */
  readonly kinds: readonly (readonly [string, number])[];
  /** Parsing and judging, without reading and writing. */
  readonly judgingMs: number;
}

export async function replayTrajectories({ lines, document, onVerdicts, onProblem }: ReplayTrajectoriesOptions): Promise<TrajectoriesSummary> {
  const sum = { trajectories: 0, problems: 0, calls: 0, allow: 0, gate: 0, refuse: 0, external: 0, externalStopped: 0, interrupted: 0, groups: 0, judgingMs: 0 };
  const kinds = new Map<string, number>();
  let line = 0;
  for await (const text of lines) {
    line += 1;
    if (text.trim() === '') continue;
    const started = performance.now();
    const judged = judgeLine(text, document);
    sum.judgingMs += performance.now() - started;
    if (!Array.isArray(judged)) {
      sum.problems += 1;
      onProblem({ line, ...(judged as Omit<TrajectoryProblem, 'line'>) });
      continue;
    }
    const calls = judged as readonly JudgedCall[];
    sum.trajectories += 1;
    onVerdicts(calls.map(({ verdict }) => `${JSON.stringify(verdict)}\n`).join(''));
    count(calls, sum, kinds);
  }
  return { ...sum, kinds: [...kinds].sort((left, right) => right[1] - left[1]) };
}

type Counts = { -readonly [Name in keyof Omit<TrajectoriesSummary, 'kinds'>]: number };

function count(calls: readonly JudgedCall[], sum: Counts, kinds: Map<string, number>): void {
  const groups = new Set<string>();
  for (const { verdict, facts } of calls) {
    sum.calls += 1;
    sum[verdict.verdict] += 1;
    if (facts?.effect === 'external') sum.external += 1;
    if (verdict.verdict === 'allow') continue;
    if (facts?.effect === 'external') sum.externalStopped += 1;
    groups.add(`${verdict.tool} ${verdict.kind}`);
    kinds.set(`${verdict.verdict} ${verdict.kind}`, (kinds.get(`${verdict.verdict} ${verdict.kind}`) ?? 0) + 1);
  }
  if (groups.size > 0) sum.interrupted += 1;
  sum.groups += groups.size;
}

function judgeLine(text: string, document: PolicyDocument): readonly JudgedCall[] | Omit<TrajectoryProblem, 'line'> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return { path: 'document', reason: `is not JSON (${(error as Error).message})` };
  }
  const reading = readTrajectory(parsed);
  return reading.ok ? judgeTrajectory(reading.trajectory, document) : { path: reading.path, reason: reading.reason };
}
