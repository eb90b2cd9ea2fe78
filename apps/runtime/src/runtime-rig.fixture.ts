/** Workers of the runtime on one in-memory log, a model that answers when the test says so, and the other services' voices. */
import { genaiPriceBook } from '@soloist/catalog';
import { loop as loopContract, type AnyEvent, type LoopEvent } from '@soloist/contracts';
import { createMemoryKeyTable, createMemoryLog, type Commit, type MemoryKeyTable, type MemoryLog } from '@soloist/eventlog';
import { Committer, Dispatcher, systemClock } from '@soloist/service';
import { silentLogger } from '@soloist/telemetry';
import { ajvArgsCheck } from './adapters/ajv.args-check.js';
import type { ModelAnswer, ModelPort, ModelRequest } from './ports/model.port.js';
import type { RuntimePorts } from './ports/runtime.ports.js';
import { brief, claim, definition, PREFIX, rateFact, RECALL_ID, RUN_ID } from './runtime.fixture.js';
import { routedModel } from './adapters/routed.model.js';
import { runtimeService } from './runtime.js';

export type Name = keyof typeof loopContract.events;

/** A model whose every answer waits until the test gives it. */
export class HeldModel implements ModelPort {
  readonly requests: ModelRequest[] = [];
  private readonly waiting: { answer: (answer: Partial<ModelAnswer>) => void; fail: (error: unknown) => void }[] = [];

  complete(request: ModelRequest): Promise<ModelAnswer> {
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      const usage = { inputTokens: 100, cachedInputTokens: 0, outputTokens: 10 };
      const whole = { model: 'gpt-5-mini', rehearsal: false, text: '', toolCalls: [], finishReason: 'stop', usage };
      this.waiting.push({ answer: (answer) => resolve({ ...whole, ...answer }), fail: reject });
    });
  }

  /** The n-th call so far, from 1, once it was made. */
  async call(n: number) {
    for (let turns = 0; turns < 10_000; turns += 1) {
      const found = this.waiting[n - 1];
      if (found !== undefined) return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`the model was not asked ${n} times`);
  }
}

export let memory: MemoryLog;
export let keys: MemoryKeyTable;
export let model: HeldModel;
/** What the workers waited, in milliseconds. */
export let pauses: number[];

export function freshRig(): void {
  keys = createMemoryKeyTable();
  memory = createMemoryLog({ streams: 1, keys });
  model = new HeldModel();
  pauses = [];
}

/** One process of the runtime, with the rights the broker gives it. */
export function worker(): Dispatcher<RuntimePorts> {
  const ports: RuntimePorts = {
    model: routedModel(model, model),
    modelOfAlias: () => 'gpt-5-mini',
    windowTokens: 128_000,
    prices: genaiPriceBook(),
    checkArgs: ajvArgsCheck(),
    pause: async (ms) => void pauses.push(ms),
  };
  return new Dispatcher(runtimeService as never, memory.connect('runtime'), ports, systemClock, silentLogger);
}

/** Another service writes a fact. */
export async function written(context: 'orchestrator' | 'governance' | 'connectors' | 'memory', entity: string, key: string, events: readonly AnyEvent[]): Promise<Commit> {
  const committer = new Committer(memory.connect(context).log, context, systemClock);
  const outcome = await committer.commit(
    { cause: null, seed: JSON.stringify(events), decider: 'test', traceparent: null },
    { context, entity, initial: null, evolve: () => null },
    key,
    'write',
    () => events,
  );
  if (outcome.kind !== 'committed') throw new Error(outcome.kind);
  return outcome.commit;
}

export async function admitted(envelopeMicros = 100_000): Promise<Commit> {
  await written('governance', 'definition', 'client-desk', [{ type: 'governance.definition.published', data: { version: claim.definitionVersion, definition, origin: 'test' } }]);
  const { from, to, subject, text, messageId, trust } = brief.input;
  await written('connectors', 'intake', claim.inputId, [
    {
      type: 'connectors.intake.input-received',
      data: { inputId: claim.inputId, source: 'mail', via: 'operator', dataSubject: 'ada', messageId, from, to, subject, text, inReplyTo: null, attachments: [], raw: null, trust },
    },
  ]);
  return written('orchestrator', 'run', RUN_ID, [{ type: 'orchestrator.run.admitted', data: { ...claim, envelopeMicros, policyVersion: claim.definitionVersion } }]);
}

export const recalled = () =>
  written('memory', 'recall', RUN_ID, [{ type: 'memory.recall.answered', data: { recallId: RECALL_ID, facts: [rateFact], session: [], index: 'test', asOf: [], dataSubject: 'ada' } }]);

export const gateRefused = (code: string) => written('governance', 'gate', RUN_ID, [{ type: 'governance.gate.refused', data: { effectId: `${PREFIX}-e1`, generation: 1, code, because: 'No.' } }]);

export const sent = () =>
  written('connectors', 'effect', RUN_ID, [{ type: 'connectors.effect.succeeded', data: { effectId: `${PREFIX}-e1`, generation: 1, dataSubject: 'ada', receipt: { messageId: '<x@y>' }, knownBy: 'wire' } }]);

export async function history(): Promise<{ names: string[]; commits: string[][]; events: LoopEvent[] }> {
  const commits = await memory.log.history({ context: 'runtime', entity: 'loop', key: RUN_ID });
  const nameOf = (event: AnyEvent): string => event.type.replace('runtime.loop.', '');
  return { names: commits.flatMap((commit) => commit.events.map(nameOf)), commits: commits.map((commit) => commit.events.map(nameOf)), events: commits.flatMap((commit) => commit.events) as LoopEvent[] };
}

export async function dataOf<N extends Name>(name: N): Promise<Extract<LoopEvent, { type: `runtime.loop.${N}` }>['data'][]> {
  return (await history()).events.filter((event) => event.type === `runtime.loop.${name}`).map((event) => event.data) as never;
}

/** A run that has its recall, begun by a first worker. */
export async function begun(envelopeMicros?: number): Promise<Commit> {
  await worker().reactTo(await admitted(envelopeMicros), 1);
  return recalled();
}
