/** An episode as people read it: one line for each event, in the order of the log. */
import type { Episode, RecordedCommit } from './api/shapes.js';
import { money, oneLine } from './format.js';

type Fields = Readonly<Record<string, unknown>>;

export interface EpisodeLine {
  readonly commit: string;
  readonly at: string;
  readonly type: string;
  readonly summary: string;
}

export function episodeLines({ commits }: Episode): readonly EpisodeLine[] {
  return commits.flatMap((commit) => linesOf(commit));
}

export function linesOf({ id, at, events }: RecordedCommit): readonly EpisodeLine[] {
  // Snapshots repeat what the events before them said.
  return events.filter(({ type }) => !type.endsWith('.snapshotted')).map(({ type, data }) => ({ commit: id, at, type, summary: summaryOf(type, data) }));
}

/** What is worth a glance; the whole event is in --json. An unknown event is told by its name alone. */
function summaryOf(type: string, data: Fields): string {
  const summarize = SUMMARIES[type];
  return summarize === undefined ? '' : oneLine(summarize(data));
}

const SUMMARIES: Readonly<Record<string, (data: Fields) => string>> = {
  'connectors.intake.input-received': (data) => `${text(data['subject'])}, from ${address(data['from'])}`,
  'orchestrator.request.routed': (data) => `${route(data['route'])} by rule ${text(data['rule'])}`,
  'orchestrator.run.requested': (data) => `agent ${text(data['agent'])}`,
  'orchestrator.run.admitted': (data) => `envelope ${money(count(data['envelopeMicros']), text(data['currency']))}`,
  'orchestrator.run.deferred': (data) => text(data['because']),
  'orchestrator.run.cancelled': (data) => `by ${text(data['by'])}: ${text(data['because'])}`,
  'orchestrator.run.closed': (data) => text(data['outcome']),
  'governance.hold.granted': (data) => `envelope ${money(count(data['envelopeMicros']), text(data['currency']))}`,
  'governance.hold.refused': (data) => text(data['because']),
  'runtime.loop.claimed': (data) => `epoch ${count(data['epoch'])}`,
  'runtime.loop.recall-requested': (data) => text(data['query']),
  'memory.recall.answered': (data) => `${list(data['facts']).length} facts`,
  'runtime.loop.model-asked': (data) => `${text(data['model'])}, step ${count(data['step'])}`,
  'runtime.loop.model-answered': (data) => `${data['rehearsal'] === true ? 'rehearsal' : text(data['model'])}: ${text(data['text']) || toolsOf(data['toolCalls'])}`,
  'runtime.loop.model-failed': (data) => text(data['because']),
  'runtime.loop.effect-requested': (data) => `${text(data['action'])} ${digest(data)}`,
  'runtime.loop.effect-observed': (data) => text(data['outcome']),
  'runtime.loop.suspended': (data) => `waits for ${text(data['waitingFor'])}`,
  'runtime.loop.finished': (data) => `${text(data['outcome'])}: ${text(data['summary'])}`,
  'runtime.loop.program-started': (data) => `${text(data['program'])}@${text(data['version'])}`,
  'runtime.loop.program-claimed': (data) => `epoch ${count(data['epoch'])}`,
  'runtime.loop.step-claimed': (data) => `${text(data['path'])} ${text(data['name'])}, attempt ${count(data['attempt'])}`,
  'runtime.loop.step-completed': (data) => text(data['path']),
  'runtime.loop.step-failed': (data) => `${text(data['path'])}${data['isFinal'] === true ? ', for good' : ''}: ${text(data['because'])}`,
  'runtime.loop.timer-armed': (data) => `${text(data['path'])} until ${text(data['dueAt'])}`,
  'runtime.loop.timer-fired': (data) => text(data['path']),
  'runtime.loop.event-awaited': (data) => `${text(data['path'])} ${text(data['name'])}`,
  'runtime.loop.event-received': (data) => text(data['name']),
  'runtime.loop.event-taken': (data) => text(data['path']),
  'runtime.loop.child-requested': (data) => `${text(data['path'])} ${text(data['program'])}@${text(data['version'])} as run ${text(data['childRunId'])}`,
  'runtime.loop.child-ended': (data) => `${text(data['path'])} ${text(data['outcome'])}`,
  'runtime.loop.program-paused': (data) => `by ${text(data['by'])}: ${text(data['because'])}`,
  'runtime.loop.program-resumed': (data) => `by ${text(data['by'])}: ${text(data['because'])}`,
  'runtime.loop.cancel-requested': (data) => `by ${text(data['by'])}: ${text(data['because'])}`,
  'runtime.loop.program-continued': (data) => `history ${count(data['generation'])}`,
  'runtime.loop.program-diverged': (data) => `at ${text(data['path'])}`,
  'runtime.loop.program-ended': (data) => `${text(data['outcome'])}${text(data['because']) === '' ? '' : `: ${text(data['because'])}`}`,
  'governance.gate.judged': (data) => `${text(data['verdict'])}: ${list(data['reasons']).map(text).join('; ')}`,
  'governance.gate.opened': (data) => `${text(data['gateId'])} waits for your decision`,
  'governance.gate.decided': (data) => `${text(data['decision'])} by ${text(data['by'])} (${text(data['surface'])}) ${digest(data)}`,
  'governance.gate.decision-refused': (data) => `${text(data['decision'])} by ${text(data['by'])} (${text(data['surface'])}): ${text(data['because'])}`,
  'governance.gate.expired': (data) => `${text(data['gateId'])}: ${text(data['because'])}`,
  'governance.gate.authorized': (data) => `signed ${digest(data)}`,
  'governance.gate.refused': (data) => text(data['because']),
  'connectors.effect.attempted': (data) => `${text(data['action'])}, key ${text(data['idempotencyKey'])}`,
  'connectors.effect.succeeded': (data) => `known by ${text(data['knownBy'])}`,
  'connectors.effect.failed': (data) => text(data['because']),
  'connectors.effect.unknown': (data) => text(data['because']),
};

function text(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : '(erased)';
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function digest(data: Fields): string {
  return `digest ${text(data['digest']).slice(0, 12)}`;
}

function address(value: unknown): string {
  return text((value as { address?: unknown } | null)?.address);
}

function route(value: unknown): string {
  const { kind, agent } = (value ?? {}) as { kind?: unknown; agent?: unknown };
  return kind === 'agent' ? `to agent ${text(agent)}` : `to the ${text(kind)}`;
}

function toolsOf(value: unknown): string {
  return list(value).map((call) => `calls ${text((call as { tool?: unknown }).tool)}`).join(', ');
}
