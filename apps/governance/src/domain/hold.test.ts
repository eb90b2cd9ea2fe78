import { expect, test } from 'vitest';
import { evolveHold, grantHold, noHold, refuseHold, releaseHold, type Hold } from './hold.js';

const grant = { runId: 'r1', agent: 'desk', definitionVersion: '0'.repeat(16), policyVersion: '1'.repeat(16), envelopeMicros: 100, currency: 'USD' };
const granted: Hold = grantHold(noHold, grant).reduce(evolveHold, noHold);
const released: Hold = releaseHold(granted, 'r1', 30).reduce(evolveHold, granted);
const refused: Hold = refuseHold(noHold, 'r1', 'agent.unknown', 'no such agent').reduce(evolveHold, noHold);

test('I1 a hold is granted or refused once', () => {
  expect(granted).toEqual({ state: 'granted', grant });
  expect(refused).toEqual({ state: 'refused', code: 'agent.unknown' });
  for (const hold of [granted, released, refused]) {
    expect(grantHold(hold, grant)).toEqual([]);
    expect(refuseHold(hold, 'r1', 'x', 'y')).toEqual([]);
  }
});

test('I1 a hold is released once, and only what was granted', () => {
  expect(releaseHold(granted, 'r1', 30)).toEqual([{ type: 'governance.hold.released', data: { runId: 'r1', spentMicros: 30, releasedMicros: 70 } }]);
  for (const hold of [noHold, released, refused]) expect(releaseHold(hold, 'r1', 30)).toEqual([]);
});
