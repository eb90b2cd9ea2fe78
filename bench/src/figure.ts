/** One figure of a bench: always beside the limit it is measured against in the same run, with its spread. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the same client reaches without us, in the same unit and the same run. */
  readonly limit: number;
  /** value / limit, the median of the rounds' own ratios. */
  readonly ratio: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

/** One interleaved round: what we reached and what the limit reached right beside it. */
export interface Round {
  readonly value: number;
  readonly limit: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The smallest value that `share` of all values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** `min` and `max` are the spread of the ratio over the rounds: absolute speeds drift with the machine, ratios do not. */
export function figureOf(name: string, unit: string, rounds: readonly Round[]): Figure {
  const ratios = rounds.map((round) => round.value / round.limit);
  return {
    name,
    value: median(rounds.map((round) => round.value)),
    unit,
    limit: median(rounds.map((round) => round.limit)),
    ratio: median(ratios),
    min: Math.min(...ratios),
    max: Math.max(...ratios),
    runs: rounds.length,
  };
}
