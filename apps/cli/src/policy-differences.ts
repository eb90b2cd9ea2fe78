/** What would change if one policy replaced another: by rule and line, not by text, so that layout makes no difference. */
import type { PolicyDocument } from '@soloist/contracts';
import { canonicalJson } from '@soloist/kernel';

export interface PolicyDifference {
  readonly sign: '+' | '-' | '~';
  readonly what: string;
  readonly text: string;
}

export function policyDifferences(before: PolicyDocument, after: PolicyDocument): readonly PolicyDifference[] {
  const settings = (['name', 'outward', 'quietHours', 'gateExpiresAfterHours', 'authorizationExpiresAfterMinutes'] as const).flatMap((name): PolicyDifference[] => {
    const [old, fresh] = [canonicalJson(before[name] ?? null), canonicalJson(after[name] ?? null)];
    return old === fresh ? [] : [{ sign: '~', what: name, text: `${old} → ${fresh}` }];
  });
  return [
    ...settings,
    ...named('action', new Map(before.actions.map((line) => [line.action, line])), new Map(after.actions.map((line) => [line.action, line]))),
    ...named('rule', new Map((before.rules ?? []).map((rule) => [rule.name, rule])), new Map((after.rules ?? []).map((rule) => [rule.name, rule]))),
  ];
}

function named(kind: string, before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): readonly PolicyDifference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name): PolicyDifference[] => {
    const [old, fresh] = [before.get(name), after.get(name)];
    if (old === undefined) return [{ sign: '+', what: `${kind} ${name}`, text: canonicalJson(fresh) }];
    if (fresh === undefined) return [{ sign: '-', what: `${kind} ${name}`, text: canonicalJson(old) }];
    return canonicalJson(old) === canonicalJson(fresh) ? [] : [{ sign: '~', what: `${kind} ${name}`, text: `${canonicalJson(old)} → ${canonicalJson(fresh)}` }];
  });
}
