/** Laws of the core as a whole, over the cases of the corpus: those of its parts stand beside their code. */
import { judge, judgeTrajectory, POLICIES, readTrajectory, type Facts, type Policy, type RequestedAction } from '@soloist/governance/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INJECTIONS_ADAPTIVE } from './adaptive-injections.js';
import { BENIGN } from './benign-tasks.js';
import { CONTENT_POISON } from './content-poison.js';
import { BENIGN_FRESH, INJECTIONS_FRESH } from './fresh.js';
import { INJECTIONS } from './injections.js';
import { byProvenance, casesOf } from './judge-corpus.js';
import { BENIGN_TALKATIVE } from './talkative-benign.js';
import { INJECTIONS_UNSEEN } from './unseen-injections.js';
import { BENIGN_UNTOUCHED, INJECTIONS_UNTOUCHED } from './untouched.js';

const STRICTNESS = ['allow', 'gate', 'refuse'];
const trajectories = casesOf([...INJECTIONS, ...INJECTIONS_UNSEEN, ...INJECTIONS_ADAPTIVE, ...INJECTIONS_UNTOUCHED, ...INJECTIONS_FRESH, ...CONTENT_POISON, ...BENIGN, ...BENIGN_TALKATIVE, ...BENIGN_UNTOUCHED, ...BENIGN_FRESH], 3).flatMap(({ recorded }) => {
  const reading = readTrajectory(recorded.trajectory);
  return reading.ok ? [reading.trajectory] : [];
});
const judged = trajectories.flatMap((trajectory) => judgeTrajectory(trajectory, byProvenance));
const one = fc.constantFrom(...judged);

test('[R7] a tool whose results are trusted less never makes any verdict milder, in any case of the corpus', () => {
  let stricter = 0;
  for (const trajectory of trajectories) {
    const before = judgeTrajectory(trajectory, byProvenance);
    for (const tool of trajectory.tools.values()) {
      if (tool.reads !== 'trusted') continue;
      const tools = new Map(trajectory.tools).set(tool.name, { ...tool, reads: 'untrusted' as const });
      judgeTrajectory({ ...trajectory, tools }, byProvenance).forEach(({ verdict }, index) => {
        const [was, is] = [STRICTNESS.indexOf(before[index]?.verdict.verdict ?? ''), STRICTNESS.indexOf(verdict.verdict)];
        expect(is, `${verdict.id} ${verdict.tool}`).toBeGreaterThanOrEqual(was);
        if (is > was) stricter += 1;
      });
    }
  }
  expect(stricter).toBeGreaterThan(0);
});

test('[V7] a refusal wins and the order of the policies changes no verdict', () => {
  const refusing: Policy = { name: 'never', judge: () => ({ verdict: 'refuse', code: 'never', reasons: ['never'] }) };
  fc.assert(
    fc.property(one, fc.shuffledSubarray([...POLICIES, refusing], { minLength: 1 }), ({ facts, verdict }, policies) => {
      if (facts === null) return;
      const action: RequestedAction = { action: verdict.tool, effectClass: 'check-first', trust: facts.context, digest: 'd', epoch: 1 };
      const known: Facts = { allowedActions: [verdict.tool], digest: 'd', epoch: 1, risk: facts };
      const given = judge(policies, action, known, byProvenance);
      expect(judge([...policies].reverse(), action, known, byProvenance).verdict).toBe(given.verdict);
      if (policies.includes(refusing)) expect(given.verdict).toBe('refuse');
    }),
    { numRuns: 2_000 },
  );
});

test('every verdict that is not an allowance names its kind and its reason', () => {
  const stopped = judged.filter(({ verdict }) => verdict.verdict !== 'allow');
  expect(stopped.length).toBeGreaterThan(100);
  for (const { verdict } of stopped) expect([verdict.kind, verdict.reasons.length > 0]).toEqual([expect.stringMatching(/^[a-z][a-z-]+$/), true]);
});
