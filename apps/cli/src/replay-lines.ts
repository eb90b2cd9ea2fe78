/** What a step of a replayed run is made of: the exact prompt, what was recalled, answered, judged, received and paid. */
import type { EpisodeStep } from '@soloist/host';
import { linesOf } from './episode.js';
import { money, printable } from './format.js';

type Detail = Readonly<Record<string, unknown>>;

export function replayLines(step: EpisodeStep): readonly string[] {
  const detail = (step.detail ?? {}) as Detail;
  const full = FULL[step.type];
  if (full !== undefined) return full(detail).flatMap((line) => printable(line).split('\n'));
  return linesOf({ id: '', subject: '', at: step.at, actor: step.actor, events: [{ type: step.type, data: detail }] }).flatMap(({ summary }) => (summary === '' ? [] : [summary]));
}

const FULL: Readonly<Record<string, (detail: Detail) => readonly string[]>> = {
  'memory.recall.answered': (detail) => records(detail['facts']).map((fact) => `fact ${String(fact['factId'])}  score ${Number(fact['score']).toFixed(3)}  [${String(fact['trust'])}]  ${String(fact['text'])}`),
  'runtime.loop.model-asked': (detail) => [
    `model ${String(detail['model'])}, at most ${money(Number(detail['ceilingMicros'] ?? 0), 'USD')}, prompt ${String(detail['promptDigest']).slice(0, 16)}`,
    ...records(detail['messages']).map((message) => `[${String(message['role'])}] ${String(message['content'])}`),
    ...(detail['messages'] === null ? ['(the prompt lies in a blob)'] : []),
  ],
  'runtime.loop.model-answered': (detail) => [
    `${detail['rehearsal'] === true ? 'rehearsal (scripted, no model)' : `model ${String(detail['model'])}`}: ${String(detail['text'])}`,
    ...records(detail['toolCalls']).map((call) => `calls ${String(call['tool'])} ${JSON.stringify(call['args'])}`),
    `cost ${money(Number(detail['costMicros'] ?? 0), 'USD')}, ${Number(detail['inputTokens'] ?? 0)} tokens in, ${Number(detail['outputTokens'] ?? 0)} out`,
  ],
  'runtime.loop.effect-requested': (detail) => [`${String(detail['action'])} ${JSON.stringify(detail['args'])}`, `digest ${String(detail['digest'])}`],
  'governance.gate.judged': (detail) => [`verdict ${String(detail['verdict'])} by policy ${String(detail['policyVersion'])}`, ...strings(detail['reasons'])],
  'governance.gate.decided': (detail) => [`${String(detail['decision'])} by ${String(detail['by'])} from ${String(detail['surface'])}, digest ${String(detail['digest'])}`],
  'connectors.effect.succeeded': (detail) => [`receipt ${JSON.stringify(detail['receipt'])}, known by ${String(detail['knownBy'])}`],
};

function records(value: unknown): readonly Detail[] {
  return Array.isArray(value) ? value.filter((item): item is Detail => typeof item === 'object' && item !== null) : [];
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
