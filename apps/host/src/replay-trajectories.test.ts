import { PolicyDocument } from '@soloist/contracts';
import { expect, test } from 'vitest';
import { replayTrajectories, type TrajectoryProblem } from './replay-trajectories.js';

const document = PolicyDocument.parse({
  name: 'p',
  outward: 'by-rules',
  actions: [],
  gateExpiresAfterHours: 1,
  authorizationExpiresAfterMinutes: 1,
  rules: [
    { name: 'all', then: 'allow', when: {}, because: 'yes' },
    { name: 'strangers', then: 'gate', kind: 'new-recipient', when: { sinks: { of: ['recipient'], below: 'connector-structured' } }, because: 'who is it?' },
  ],
});
const tools = [{ name: 'send_mail', description: '', parameters: {}, reads: 'none', effect: 'external' }];
const asks = (id: string, to: string): string =>
  JSON.stringify({ id, tools, steps: [{ role: 'user', content: 'Mail a@b.example' }, { role: 'assistant', content: '', calls: [{ id: 'c1', tool: 'send_mail', args: { to } }, { id: 'c2', tool: 'send_mail', args: { to } }] }] });

async function* linesOf(...lines: readonly string[]): AsyncGenerator<string> {
  yield* lines;
}

test('I1 every line gives verdicts in order or a problem with its number, and like gates count as one', async () => {
  const out: string[] = [];
  const problems: TrajectoryProblem[] = [];
  const summary = await replayTrajectories({
    lines: linesOf(asks('one', 'a@b.example'), '{', '', JSON.stringify({ id: 'x', tools: [{ name: 'n', reads: 'maybe', effect: 'none' }], steps: [] }), asks('two', 'eve@x.invalid')),
    document,
    onVerdicts: (text) => out.push(...text.trimEnd().split('\n')),
    onProblem: (problem) => problems.push(problem),
  });
  expect(out.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { id: 'one', step: 1, callId: 'c1', tool: 'send_mail', verdict: 'allow' },
    { id: 'one', callId: 'c2', verdict: 'allow' },
    { id: 'two', callId: 'c1', verdict: 'gate', kind: 'new-recipient', reasons: [expect.stringContaining('who is it?')] },
    { id: 'two', callId: 'c2', verdict: 'gate' },
  ]);
  expect(problems.map(({ line, path }) => `${line} ${path}`)).toEqual(['2 document', '4 tools[0].reads']);
  expect(summary).toMatchObject({ trajectories: 2, problems: 2, calls: 4, allow: 2, gate: 2, refuse: 0, external: 4, externalStopped: 2, interrupted: 1, groups: 1, kinds: [['gate new-recipient', 2]] });
});
