/**
 * `effect-round-trip-read`, `effect-round-trip-outward`: from the commit that asks for an effect to the commit in which
 * the run has seen its outcome, through the real runtime, governance and connectors on a real broker with accounts; only
 * the action itself does nothing. In milliseconds, beside one bare append right before it by the same account.
 * `effects-64-read`, `effects-64-outward`: the same with 64 runs at once, a second, beside bare appends 64 at a time.
 */
import { performance } from 'node:perf_hooks';
import { figureOf, median, type Figure, type Round } from './figure.js';
import { openEffectCompany, type EffectCompany, type EffectKind } from './effects.company.js';
import { ratePerSecond } from './in-flight.js';

const ROUNDS = 7;
const TRIPS_PER_ROUND = 40;
const WARM_UP = 60;
const RUNS = 64;
const EFFECTS_PER_RUN = 8;

export async function benchRoundTrip(kind: EffectKind): Promise<readonly Figure[]> {
  const company = await openEffectCompany(kind, EFFECTS_PER_RUN);
  try {
    await bareMillis(company, WARM_UP);
    await trips(company);
    const rounds: Round[] = [];
    company.count.reset();
    company.timeline.reset();
    for (let round = 0; round < ROUNDS; round += 1) {
      const bare = await bareMillis(company, TRIPS_PER_ROUND);
      rounds.push({ limit: median(bare), value: median(await trips(company)) });
    }
    company.count.print(`effect-round-trip-${kind}`);
    company.timeline.print(`effect-round-trip-${kind}`);
    return [figureOf(`effect-round-trip-${kind}`, 'ms', rounds)];
  } finally {
    await company.stop();
  }
}

export async function benchEffectRate(kind: EffectKind): Promise<readonly Figure[]> {
  const company = await openEffectCompany(kind, EFFECTS_PER_RUN);
  const rate = async (): Promise<number> => {
    const started = performance.now();
    await Promise.all(Array.from({ length: RUNS }, () => company.run()));
    return (RUNS * EFFECTS_PER_RUN * 1_000) / (performance.now() - started);
  };
  try {
    await rate();
    const rounds: Round[] = [];
    company.count.reset();
    for (let round = 0; round < ROUNDS; round += 1) {
      const limit = await ratePerSecond(1_500, RUNS, () => company.bareAppend());
      rounds.push({ limit, value: await rate() });
    }
    company.count.print(`effects-${RUNS}-${kind}`);
    return [figureOf(`effects-${RUNS}-${kind}`, 'effects/s', rounds)];
  } finally {
    await company.stop();
  }
}

/** One run after the other, each with as many effects as a run is likely to have at most. */
async function trips(company: EffectCompany): Promise<readonly number[]> {
  const taken: number[] = [];
  while (taken.length < TRIPS_PER_ROUND) taken.push(...(await company.run()));
  return taken;
}

async function bareMillis(company: EffectCompany, count: number): Promise<readonly number[]> {
  const taken: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const started = performance.now();
    await company.bareAppend();
    taken.push(performance.now() - started);
  }
  return taken;
}
