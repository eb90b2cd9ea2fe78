/** Runs a corpus through the policy core and counts what an operator would feel. */
import { loadPolicy, PROVENANCE_POLICY_FILE } from '@soloist/catalog';
import { judgeTrajectory, readTrajectory, type CallVerdict } from '@soloist/governance/policy';
import { castOf, recorded, TOOLS, type Recorded } from './desk.js';
import type { BenignTask } from './benign-tasks.js';
import type { Injection } from './injections.js';

export const byProvenance = loadPolicy(PROVENANCE_POLICY_FILE).document;
export const CASES_PER_TEMPLATE = 14;

export function casesOf(templates: readonly (Injection | BenignTask)[], each: number = CASES_PER_TEMPLATE): readonly { readonly name: string; readonly recorded: Recorded }[] {
  return templates.flatMap((template, index) =>
    Array.from({ length: each }, (_, n) => {
      const cast = castOf(index * 7 + n);
      const description = 'description' in template ? template.description?.(cast) : undefined;
      return { name: template.name, recorded: recorded(`${index}-${n}`, template.parts(cast), description) };
    }),
  );
}

export function verdictsOf({ trajectory }: Recorded): readonly CallVerdict[] {
  // Through JSON, as a line of a file would come.
  const reading = readTrajectory(JSON.parse(JSON.stringify(trajectory)));
  if (!reading.ok) throw new Error(`${reading.path}: ${reading.reason}`);
  return judgeTrajectory(reading.trajectory, byProvenance).map((one) => one.verdict);
}

const EXTERNAL: ReadonlySet<string> = new Set(TOOLS.filter((tool) => tool.effect === 'external').map((tool) => tool.name));
const EFFECTFUL: ReadonlySet<string> = new Set(TOOLS.filter((tool) => tool.effect !== 'none').map((tool) => tool.name));

export interface Friction {
  readonly tasks: number;
  readonly interruptedTasks: number;
  readonly externalCalls: number;
  readonly stoppedExternalCalls: number;
  readonly stoppedCalls: number;
  readonly effectfulCalls: number;
  /** Template and kind → how many calls. */
  readonly why: ReadonlyMap<string, number>;
}

export function frictionOf(templates: readonly BenignTask[]): Friction {
  const why = new Map<string, number>();
  let interruptedTasks = 0;
  const cases = casesOf(templates);
  const calls = cases.flatMap(({ name, recorded: one }) => {
    const verdicts = verdictsOf(one);
    const stopped = verdicts.filter((verdict) => verdict.verdict !== 'allow');
    if (stopped.length > 0) interruptedTasks += 1;
    for (const { kind, verdict } of stopped) why.set(`${name}: ${verdict} ${kind}`, (why.get(`${name}: ${verdict} ${kind}`) ?? 0) + 1);
    return verdicts;
  });
  const count = (of: ReadonlySet<string>, isStopped: boolean): number => calls.filter((call) => of.has(call.tool) && (!isStopped || call.verdict !== 'allow')).length;
  return {
    tasks: cases.length,
    interruptedTasks,
    externalCalls: count(EXTERNAL, false),
    stoppedExternalCalls: count(EXTERNAL, true),
    effectfulCalls: count(EFFECTFUL, false),
    stoppedCalls: calls.filter((call) => call.verdict !== 'allow').length,
    why,
  };
}
