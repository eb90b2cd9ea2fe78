/**
 * G7 G8 the outside world took each mail at most once for each generation, and only one that stands on the log as
 * attempted and armed · G12 on an authorization that governance gave for exactly this, and that was used once.
 */
import type { ArmingEvent, Authorization, EffectEvent, GateEvent } from '@soloist/contracts';
import { commitsOf, eventsOf, type Checker, type History, type Violation } from '../history.js';

type Attempted = Extract<EffectEvent, { type: 'connectors.effect.attempted' }>['data'];

export const mailsAreSingle: Checker = ({ delivered }) => {
  const counts = new Map<string, number>();
  for (const { messageId } of delivered) counts.set(messageId, (counts.get(messageId) ?? 0) + 1);
  return [...counts].flatMap(([messageId, count]): Violation[] => (count === 1 ? [] : [{ kind: 'doubled', guarantee: 'G8', because: `the mail ${messageId} was accepted ${count} times` }]));
};

export const mailsAreAuthorized: Checker = (history) => {
  const attempts = new Map(attemptsIn(history).map((attempt) => [attempt.idempotencyKey, attempt]));
  const authorized = new Set(authorizationsIn(history).map(({ nonce }) => nonce));
  const armed = new Set(commitsOf(history, 'arming').flatMap((commit) => eventsOf<ArmingEvent>(commit).map(({ data }) => `${data.effectId} ${data.generation}`)));
  return history.delivered.flatMap(({ messageId }): Violation[] => {
    const attempt = attempts.get(keyOf(messageId));
    if (attempt === undefined) return [{ kind: 'broken', guarantee: 'G8', because: `the mail ${messageId} was accepted and was never attempted on the log` }];
    const missing = !authorized.has(attempt.nonce) ? 'authorized' : armed.has(`${attempt.effectId} ${attempt.generation}`) ? null : 'armed';
    return missing === null ? [] : [{ kind: 'broken', guarantee: 'G8', because: `the mail ${messageId} was accepted and is not ${missing} on the log` }];
  });
};

export const authorizationsAreUsedOnce: Checker = (history) => {
  const given = new Map<string, Authorization>();
  const used = new Set<string>();
  const violations: Violation[] = [];
  const complain = (because: string): void => void violations.push({ kind: 'broken', guarantee: 'G12', because });
  for (const authorization of authorizationsIn(history)) {
    if (given.has(authorization.nonce)) complain(`authorization ${authorization.nonce} was given twice`);
    given.set(authorization.nonce, authorization);
  }
  for (const attempt of attemptsIn(history)) {
    const { nonce, effectId, generation, digest } = attempt;
    const authorization = given.get(nonce);
    if (used.has(nonce)) complain(`authorization ${nonce} was used twice`);
    used.add(nonce);
    const fits = authorization?.effectId === effectId && authorization.generation === generation && authorization.digest === digest;
    if (!fits) complain(`effect ${effectId} generation ${generation} was attempted on an authorization for something else, or on none`);
  }
  return violations;
};

function attemptsIn(history: History): readonly Attempted[] {
  return commitsOf(history, 'effect').flatMap((commit) => eventsOf<EffectEvent>(commit).flatMap((event) => (event.type === 'connectors.effect.attempted' ? [event.data] : [])));
}

function authorizationsIn(history: History): readonly Authorization[] {
  return commitsOf(history, 'gate').flatMap((commit) => eventsOf<GateEvent>(commit).flatMap((event) => (event.type === 'governance.gate.authorized' ? [event.data] : [])));
}

/** The idempotency key that a Message-ID was made of. */
function keyOf(messageId: string): string {
  return messageId.replace(/^<|@[^@]*>$/g, '');
}
