import type { AnyEvent } from '@soloist/contracts';
import { ERASED, type Commit } from '@soloist/eventlog';
import { describe, expect, test } from 'vitest';
import type { Trail } from './trail.js';
import { whyOf } from './why.js';
import { ASKED_EFFECT, EDITED_DIGEST, erasedTrail, trail, without } from './why.fixture.js';

const standings = (given: Trail, effectId: string | null = ASKED_EFFECT): readonly string[] => whyOf(given, effectId).map(({ standing }) => standing);
const brokenIn = (given: Trail): readonly string[] => whyOf(given, ASKED_EFFECT).filter(({ standing }) => standing === 'missing' || standing === 'mismatch').map(({ step }) => step);

describe('gaps', () => {
  test('I1 the whole chain has none', () => {
    expect(new Set(standings(trail))).toEqual(new Set(['recorded']));
    expect(new Set(standings(trail, null))).toEqual(new Set(['recorded']));
  });

  const links: readonly (readonly [type: string, step: string])[] = [
    ['connectors.intake.input-received', 'trigger'],
    ['orchestrator.request.routed', 'routing'],
    ['orchestrator.run.requested', 'run'],
    ['governance.budget.reserved', 'budget'],
    ['governance.hold.granted', 'admission'],
    ['governance.policy.adopted', 'policy'],
    ['runtime.loop.recall-requested', 'recall'],
    ['memory.recall.answered', 'recall'],
    ['runtime.loop.model-asked', 'ask'],
    ['runtime.loop.model-answered', 'answer'],
    ['runtime.loop.effect-requested', 'request'],
    ['governance.gate.judged', 'verdict'],
    ['governance.gate.opened', 'gate'],
    ['governance.gate.decided', 'decision'],
    ['governance.gate.edited', 'authorization'],
    ['governance.gate.authorized', 'authorization'],
    ['connectors.effect.attempted', 'attempt'],
    ['connectors.arming.armed', 'arming'],
    ['connectors.effect.succeeded', 'outcome'],
  ];
  test.each(links)('I1 without %s the link "%s" is said to be missing or not to fit', (type, step) => {
    const given = without(trail, type);
    expect(given).not.toEqual(trail);
    expect(brokenIn(given)).toContain(step);
  });

  test('I1 a run that is not over yet lacks nothing: what may still come is open', () => {
    let opened = 0;
    for (let length = 1; length <= trail.episode.length; length += 1) {
      const given = { ...trail, episode: trail.episode.slice(0, length) };
      expect(whyOf(given, null).filter(({ standing }) => standing === 'missing' || standing === 'mismatch'), `${length} commits`).toEqual([]);
      opened += standings(given, null).filter((standing) => standing === 'open').length;
    }
    expect(opened).toBeGreaterThan(5);
  });
});

describe('what does not fit', () => {
  const changed = (type: string, change: object): Trail => ({
    ...trail,
    episode: trail.episode.map((commit): Commit => ({ ...commit, events: commit.events.map((event) => (event.type === type ? ({ ...event, data: { ...(event.data as object), ...change } } as AnyEvent) : event)) })),
  });
  test.each([
    ['governance.gate.decided', 'decision'],
    ['governance.gate.authorized', 'authorization'],
    ['connectors.effect.attempted', 'attempt'],
  ])('another digest in %s is shown at "%s"', (type, step) => {
    expect(brokenIn(changed(type, { digest: 'e'.repeat(64) }))).toContain(step);
  });
  test('the digest that an edit made is the one that is signed', () => {
    const line = whyOf(trail, ASKED_EFFECT).find(({ step }) => step === 'authorization');
    expect(line).toMatchObject({ standing: 'recorded', details: expect.arrayContaining([{ name: 'digest', value: EDITED_DIGEST }]) });
  });
});

test('a sentence of the draft names what it rests on; a figure that nothing holds is marked', () => {
  const request = trail.episode.findIndex(({ events }) => events.some(({ type }) => type === 'runtime.loop.effect-requested'));
  const text = 'The hourly rate is 95 EUR. What is the rate? The hourly rate will be 80 EUR.';
  const episode = trail.episode.map((commit, index): Commit => (index === request ? { ...commit, events: commit.events.map(({ type, data }) => ({ type, data: { ...(data as object), args: { text } } })) } : commit));
  const drafts = whyOf({ ...trail, episode }, ASKED_EFFECT).filter(({ step }) => step === 'draft');
  expect(drafts.map(({ details }) => details[0]?.value)).toEqual(['[1]', expect.any(String), 'nothing on record, though it names a figure']);
});

describe('erased people', () => {
  test('I2 their fields are said to be erased, and the chain stays whole', () => {
    const lines = whyOf(erasedTrail, ASKED_EFFECT);
    expect(new Set(lines.map(({ standing }) => standing))).toEqual(new Set(['recorded']));
    const erased = lines.filter(({ hasErased }) => hasErased).map(({ step }) => step);
    expect(erased).toEqual(['trigger', 'recall', 'ask', 'answer', 'request', 'edit', 'outcome']);
    expect(lines[0]?.text).toBe('A mail from (erased) came in: (erased)');
    expect(JSON.stringify(lines)).not.toContain('acme.example');
    expect(JSON.stringify(lines)).not.toContain(JSON.stringify(ERASED));
  });
});

describe('an outcome that stayed unknown', () => {
  const unknown = (...after: readonly (readonly [type: string, data: object])[]): Trail => {
    const last = trail.episode.at(-1)!;
    const open = { ...trail.episode.find(({ events }) => events.some(({ type }) => type === 'governance.gate.opened'))!.events[1]!.data as object, gateId: 'again-g2', kind: 'unknown-outcome', digest: EDITED_DIGEST };
    const events = [['connectors.effect.unknown', { effectId: ASKED_EFFECT, generation: 1, because: 'the line broke', reconcileHint: 'look' }], ['governance.gate.opened', open], ...after] as const;
    const { episode } = without(without(trail, 'connectors.effect.succeeded'), 'runtime.loop.effect-observed');
    return { ...trail, episode: [...episode, ...events.map(([type, data]): Commit => ({ ...last, events: [{ type, data }] }))] };
  };
  const said = (given: Trail): readonly (readonly [string, string, string])[] => whyOf(given, ASKED_EFFECT).map(({ step, standing, text }) => [step, standing, text]);

  test('asks once more, and waits for the decision and its authorization', () => {
    expect(said(unknown()).filter(([, standing]) => standing === 'open').map(([step]) => step)).toEqual(['decision', 'authorization']);
  });
  test('a no is told at the gate that asked', () => {
    const given = unknown(['governance.gate.decided', { gateId: 'again-g2', commandId: 'c2', decision: 'reject', by: 'operator', surface: 'page', digest: EDITED_DIGEST, reason: null }], ['governance.gate.refused', { effectId: ASKED_EFFECT, generation: 1, code: 'effect.left-unknown', because: 'The operator said no.' }]);
    expect(said(given).filter(([step]) => step === 'decision' || step === 'authorization').map(([, standing, text]) => [standing, text])).toEqual([
      ['recorded', 'operator approved it on the surface cli.'],
      ['recorded', 'Authorization 1 was signed.'],
      ['recorded', 'operator rejected it on the surface page.'],
      ['recorded', 'It was not authorized (effect.left-unknown): The operator said no.'],
    ]);
  });
});

test('I2 whoever asks about one effect hears nothing of another', () => {
  const other = { ...trail.episode[0]!, events: [{ type: 'governance.gate.refused', data: { effectId: 'other-e2', generation: 1, code: 'x', because: 'y' } } as AnyEvent] };
  const given = { ...trail, episode: [...trail.episode, other] };
  expect(whyOf(given, ASKED_EFFECT)).toEqual(whyOf(trail, ASKED_EFFECT));
  expect(standings(given, null)).toContain('missing');
});
