import { afterEach, describe, expect, it } from 'vitest';
import { openEffectCompany, type EffectCompany, type EffectKind } from './effects.company.js';

const EFFECTS = 4;
let company: EffectCompany | null = null;
afterEach(() => company?.stop());

/** What one run wrote between asking for an effect and having seen its outcome, by entity. */
async function writesOf(kind: EffectKind): Promise<{ readonly each: Readonly<Record<string, number>>; readonly types: readonly string[] }> {
  company = await openEffectCompany(kind, EFFECTS);
  expect(await company.run()).toHaveLength(EFFECTS);
  const commits = await company.lastEpisode();
  const of = (entity: string, only: string | null = null): number =>
    commits.filter((commit) => commit.address.entity === entity && (only === null || commit.events.some(({ type }) => type === only))).length / EFFECTS;
  return {
    each: { gate: of('gate'), effect: of('effect'), arming: of('arming'), observed: of('loop', 'runtime.loop.effect-observed') },
    types: commits.filter(({ address }) => address.context === 'connectors').flatMap(({ events }) => events.map(({ type }) => type.replace(/^connectors\./, ''))).filter((type) => type !== 'effect.snapshotted'),
  };
}

describe('an effect, through runtime, governance and connectors on a real broker', () => {
  it('that only reads costs three writes, and none of them is a claim', async () => {
    const { each, types } = await writesOf('read');
    expect(each).toEqual({ gate: 1, effect: 1, arming: 0, observed: 1 });
    expect(types).toEqual(Array.from({ length: EFFECTS }, () => 'effect.succeeded'));
  });

  it('[G8] that leaves the building costs five, and is claimed and armed before it is done', async () => {
    const { each, types } = await writesOf('outward');
    expect(each).toEqual({ gate: 1, effect: 2, arming: 1, observed: 1 });
    expect(types).toEqual(Array.from({ length: EFFECTS }, () => ['effect.attempted', 'arming.armed', 'effect.succeeded']).flat());
  });
});
