/**
 * The policy core over a recorded trajectory: one verdict a call.
 *
 * I1 every call gets a verdict; a tool that the trajectory does not list is refused
 * I2 a call sees only what was read before it: calls of one step do not see each other's results
 * I3 the result of a tool that reads nothing may echo what it was given, so it is as little trusted as the run then was
 */
import type { JudgedFacts, PolicyDocument } from '@soloist/contracts';
import type { Strictness, Verdict } from '../../domain/policy.js';
import { askingIn, assess, type Asking } from '../provenance/assess.js';
import { leavesOf, recipientsOf, type Leaves } from '../provenance/arguments.js';
import { isNamedRead } from '../provenance/reads.js';
import { noSources, type Sources } from '../provenance/sources.js';
import { judgeByRules } from '../rules.policy.js';
import type { RecordedCall, RecordedTool, Trajectory } from './trajectory.js';

export interface CallVerdict {
  readonly id: string;
  readonly step: number;
  readonly callId: string | null;
  readonly tool: string;
  readonly verdict: Strictness;
  readonly kind: string | null;
  readonly reasons: readonly string[];
}

export interface JudgedCall {
  readonly verdict: CallVerdict;
  /** Null for a tool that the trajectory does not list. */
  readonly facts: JudgedFacts | null;
}

export function judgeTrajectory(trajectory: Trajectory, document: PolicyDocument): readonly JudgedCall[] {
  const sources = noSources();
  const callOf = new Map<string, RecordedCall>();
  const verdicts: JudgedCall[] = [];
  let lastCalls: readonly RecordedCall[] = [];
  let results = 0;
  let asking: Asking | null = null;
  const sent = new Map<string, number>();
  const earlier = new Map<string, number>();
  trajectory.steps.forEach((step, index) => {
    if (step.role === 'user') {
      sources.operator.add(step.content);
      asking = null;
      sent.clear();
      earlier.clear();
    } else if (step.role === 'tool') {
      const call = (step.callId === null ? undefined : callOf.get(step.callId)) ?? lastCalls[results] ?? lastCalls[0];
      results += 1;
      addResult(sources, step.content, call, call === undefined ? undefined : trajectory.tools.get(call.tool)?.reads);
    }
    if (step.calls.length === 0) return;
    asking ??= askingIn(sources);
    for (const call of step.calls) {
      const given = leavesOf(call.args);
      const address = `${call.tool} ${recipientsOf(given.leaves).sort().join(' ')}`;
      verdicts.push(judgeCall(trajectory, index, call, { given, sources, asking, repeats: sent.get(address) ?? 0, earlier: earlier.get(call.tool) ?? 0 }, document));
      earlier.set(call.tool, (earlier.get(call.tool) ?? 0) + 1);
      if (address !== `${call.tool} `) sent.set(address, (sent.get(address) ?? 0) + 1);
      if (call.id !== null) callOf.set(call.id, call);
    }
    lastCalls = step.calls;
    results = 0;
  });
  return verdicts;
}

interface Before {
  readonly given: Leaves;
  readonly sources: Sources;
  readonly asking: Asking;
  readonly repeats: number;
  readonly earlier: number;
}

function judgeCall({ id, tools }: Trajectory, step: number, call: RecordedCall, before: Before, document: PolicyDocument): JudgedCall {
  const tool = tools.get(call.tool);
  const where = { id, step, callId: call.id, tool: call.tool };
  if (tool === undefined) return { verdict: { ...where, verdict: 'refuse', kind: 'unlisted-tool', reasons: [`The agent has no tool ${call.tool}.`] }, facts: null };
  const facts = assess({ tool: call.tool, given: before.given, effect: tool.effect, repeats: before.repeats, earlier: before.earlier }, before.sources, before.asking);
  const given: Verdict = judgeByRules(call.tool, facts, document);
  return { verdict: { ...where, verdict: given.verdict, kind: given.kind ?? null, reasons: given.reasons }, facts };
}

function addResult(sources: Sources, content: string, call: RecordedCall | undefined, reads: RecordedTool['reads'] | undefined): void {
  if (reads === 'trusted') sources.trusted.add(content);
  else if (reads === 'none') {
    sources.receipts.add(content);
    if (!sources.untrusted.isEmpty) sources.untrusted.add(content);
  } else sources.untrusted.add(content, call === undefined ? undefined : () => isNamedRead(call, sources));
}
