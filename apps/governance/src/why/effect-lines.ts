/** One effect: what was asked for, what the policy said, who decided, and what became of it outside. */
import type { AnyEvent, EffectEvent, GateEvent, JudgedFacts, LoopEvent } from '@soloist/contracts';
import { isErased } from '@soloist/eventlog';
import type { Sentence } from '../http/gate-schemas.js';
import { receiptsIn, sentencesOf } from '../http/gate-sources.js';
import { gateLines, grantedBy, type Opened } from './gate-lines.js';
import { outcomeLines } from './outcome-lines.js';
import { missing, only, open, recorded, type Seen, type WhyLine } from './why-line.js';

type Requested = Extract<LoopEvent, { type: 'runtime.loop.effect-requested' }>;
type Judged = Extract<GateEvent, { type: 'governance.gate.judged' }>;

/** A text that a draft may rest on, and how it is called. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export function effectLines(episode: readonly Seen[], effectId: string, sources: readonly Source[]): readonly WhyLine[] {
  const own = episode.filter(({ event }) => (event.data as { readonly effectId?: unknown }).effectId === effectId);
  const [request] = only<LoopEvent, 'runtime.loop.effect-requested'>(own, 'runtime.loop.effect-requested');
  const openings = only<GateEvent, 'governance.gate.opened'>(own, 'governance.gate.opened');
  const generations = generationsOf(own, openings);
  return [
    ...(request === undefined ? [missing('request', `That the agent asked for ${effectId} is not on record.`)] : requestLines(request, sources, receiptsIn(before(episode, request)))),
    verdict(own),
    ...generations.flatMap((generation) => [...gateLines(episode, own, openings, generation), ...outcomeLines(own, generation)]),
  ];
}

function generationsOf(own: readonly Seen[], openings: readonly Opened[]): readonly number[] {
  const acted = only<GateEvent | EffectEvent, 'governance.gate.authorized' | 'connectors.effect.attempted' | 'connectors.effect.succeeded' | 'connectors.effect.failed' | 'connectors.effect.unknown' | 'connectors.effect.refused'>(
    own,
    ...(['governance.gate.authorized', 'connectors.effect.attempted', 'connectors.effect.succeeded', 'connectors.effect.failed', 'connectors.effect.unknown', 'connectors.effect.refused'] as const),
  );
  return [...new Set([1, ...openings.map(grantedBy), ...acted.map(({ event }) => event.data.generation)])].sort((a, b) => a - b);
}

function before(episode: readonly Seen[], { event }: Seen<Requested>): readonly AnyEvent[] {
  const events = episode.map((seen) => seen.event);
  return events.slice(0, events.indexOf(event));
}

function requestLines(request: Seen<Requested>, sources: readonly Source[], receipts: readonly string[]): readonly WhyLine[] {
  const { effectId, action, digest, effectClass, trust, callId, args, epoch } = request.event.data;
  const line = recorded('request', request, `The agent asked for ${action}.`, { effect: effectId, digest, class: effectClass, 'least trusted text read': trust, call: callId, epoch, arguments: args });
  const text = isErased(args) ? undefined : args['text'];
  if (typeof text !== 'string') return [line];
  const drafts = sentencesOf(text, sources.map((source) => source.text), receipts).filter(({ text: words }) => words.trim() !== '');
  return [line, ...drafts.map((sentence) => recorded('draft', request, sentence.text.trim(), { 'rests on': restsOn(sentence, sources) }))];
}

function restsOn({ sources: numbers, isUnsupported, isWithoutReceipt }: Omit<Sentence, 'text'>, known: readonly Source[]): string {
  if (isUnsupported) return 'nothing on record, though it names a figure';
  if (isWithoutReceipt) return 'nothing on record, though it says that something was done';
  return numbers.length === 0 ? 'no source; the model wrote it' : numbers.map((number) => known[number - 1]?.name ?? `[${number}]`).join(', ');
}

function verdict(own: readonly Seen[]): WhyLine {
  const [judged] = only<GateEvent, 'governance.gate.judged'>(own, 'governance.gate.judged');
  if (judged !== undefined) return verdictLine(judged);
  const wentOn = own.some(({ event }) => event.type.startsWith('connectors.effect.') || event.type === 'governance.gate.authorized' || event.type === 'governance.gate.opened');
  return wentOn ? missing('verdict', 'It went on, but no verdict of the policy is on record.') : open('verdict', 'The policy has not judged it yet.');
}

function verdictLine(judged: Seen<Judged>): WhyLine {
  const { verdict: word, policyVersion, code, kind, reasons, digest, trust, facts } = judged.event.data;
  const details = { policy: `company@${policyVersion}`, rule: code ?? 'not recorded', kind, because: reasons.join('; '), digest, trust };
  return recorded('verdict', judged, SAYINGS[word], { ...details, ...(facts === undefined ? { facts: 'not recorded' } : factDetails(facts)) });
}

const SAYINGS = { allow: 'The policy let it go.', gate: 'The policy asked for a decision.', refuse: 'The policy refused it.' } as const;

function factDetails(facts: JudgedFacts): Readonly<Record<string, unknown>> {
  const { sinks, ...others } = facts;
  const plain = Object.entries(others).map(([name, value]) => [`fact ${name}`, value]);
  return Object.fromEntries([...plain, ...sinks.map(({ path, role, trust }) => [`fact sink ${path}`, `${role}, ${trust}`])]);
}

