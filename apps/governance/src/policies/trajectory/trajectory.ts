/**
 * A recorded trajectory of an agent, as outside corpora describe it. Reading it is total: what breaks the form is told
 * with its place.
 */
import type { EffectReach, Json } from '@soloist/kernel';

export interface RecordedTool {
  readonly name: string;
  readonly reads: 'trusted' | 'untrusted' | 'none';
  readonly effect: EffectReach;
}

export interface RecordedCall {
  readonly id: string | null;
  readonly tool: string;
  readonly args: Json | undefined;
}

export interface RecordedStep {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly calls: readonly RecordedCall[];
  readonly callId: string | null;
}

export interface Trajectory {
  readonly id: string;
  readonly tools: ReadonlyMap<string, RecordedTool>;
  readonly steps: readonly RecordedStep[];
}

export type TrajectoryReading = { readonly ok: true; readonly trajectory: Trajectory } | { readonly ok: false; readonly path: string; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

class Malformed extends Error {
  constructor(
    readonly path: string,
    readonly reason: string,
  ) {
    super(`${path}: ${reason}`);
  }
}

export function readTrajectory(line: unknown): TrajectoryReading {
  try {
    const { id, tools, steps } = object(line, 'document');
    if (typeof id !== 'string' && typeof id !== 'number') throw new Malformed('id', 'must be a string');
    const known = new Map(list(tools, 'tools').map((tool, index) => [nameOf(tool, `tools[${index}]`), toolOf(tool, `tools[${index}]`)]));
    return { ok: true, trajectory: { id: String(id), tools: known, steps: list(steps, 'steps').map((step, index) => stepOf(step, `steps[${index}]`)) } };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, path: error.path, reason: error.reason };
  }
}

function nameOf(tool: unknown, path: string): string {
  const { name } = object(tool, path);
  if (typeof name !== 'string') throw new Malformed(`${path}.name`, 'must be a string');
  return name;
}

function toolOf(tool: unknown, path: string): RecordedTool {
  const { reads, effect } = object(tool, path);
  if (reads !== 'trusted' && reads !== 'untrusted' && reads !== 'none') throw new Malformed(`${path}.reads`, 'must be trusted, untrusted or none');
  if (effect !== 'none' && effect !== 'internal' && effect !== 'external') throw new Malformed(`${path}.effect`, 'must be none, internal or external');
  return { name: nameOf(tool, path), reads, effect };
}

function stepOf(step: unknown, path: string): RecordedStep {
  const { role, content, calls, callId } = object(step, path);
  if (role !== 'user' && role !== 'assistant' && role !== 'tool') throw new Malformed(`${path}.role`, 'must be user, assistant or tool');
  return {
    role,
    content: textOf(content),
    calls: calls === undefined || calls === null ? [] : list(calls, `${path}.calls`).map((call, index) => callOf(call, `${path}.calls[${index}]`)),
    callId: typeof callId === 'string' ? callId : null,
  };
}

function callOf(call: unknown, path: string): RecordedCall {
  const { id, tool, args } = object(call, path);
  if (typeof tool !== 'string') throw new Malformed(`${path}.tool`, 'must be a string');
  return { id: typeof id === 'string' ? id : null, tool, args: argsOf(args) };
}

/** Some recorders keep arguments as the JSON text that the model wrote. */
function argsOf(args: unknown): Json | undefined {
  if (typeof args !== 'string') return args as Json | undefined;
  try {
    return JSON.parse(args) as Json;
  } catch {
    return { text: args };
  }
}

/** Content that is not a text is read as its JSON; what a model saw was some text of it. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (content === undefined || content === null) return '';
  return JSON.stringify(content);
}

function object(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed(path, 'must be an object');
  return value as Fields;
}

function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new Malformed(path, 'must be a list');
  return value;
}
