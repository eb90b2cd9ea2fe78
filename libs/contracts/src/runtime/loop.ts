import { z } from 'zod';
import { entityContract, event, type EventOf } from '../event-contract.js';
import { AgentName, BlobRef, Currency, DataSubject, Digest, EffectClassName, Id, JsonObject, Micros, TrustLabel, VersionHash } from '../scalars.js';
import { overrideEvents } from './override.js';
import { programEvents } from './program.js';
import { PriceSource, PromptMessage, ToolCall } from './prompt.js';

/** The run itself, on one subject, so that one expectation fences every zombie. Keyed by the run. */
export const loop = entityContract('runtime', 'loop', {
  claimed: event(
    1,
    z.strictObject({
      runId: Id,
      epoch: z.int().positive(),
      inputId: Id,
      agent: AgentName,
      definitionVersion: VersionHash,
      envelopeMicros: Micros,
      currency: Currency,
      dataSubject: DataSubject,
    }),
  ),
  'recall-requested': event(
    1,
    z.strictObject({ recallId: Id, query: z.string(), limit: z.int().nonnegative(), inputId: Id, dataSubject: DataSubject }),
    { personal: ['query'] },
  ),
  /** The claim of a model call: from here on its ceiling is spent until an answer says less. */
  'model-asked': event(
    1,
    z.strictObject({
      askId: Id,
      step: z.int().positive(),
      epoch: z.int().positive(),
      model: z.string(),
      /** The exact prompt; in a blob when it is large. */
      messages: z.array(PromptMessage).nullable(),
      messagesBlob: BlobRef.nullable(),
      tools: z.array(z.string()),
      promptDigest: Digest,
      maxOutputTokens: z.int().positive(),
      ceilingMicros: Micros,
      /** Prompt and answer together at most; asks from before it was recorded have none. */
      ceilingTokens: z.int().nonnegative().optional(),
      price: PriceSource,
      dataSubject: DataSubject,
    }),
    { personal: ['messages'] },
  ),
  'model-answered': event(
    1,
    z.strictObject({
      askId: Id,
      model: z.string(),
      /** True for the scripted rehearsal model: nobody may take its answers for a model's. */
      rehearsal: z.boolean(),
      text: z.string(),
      toolCalls: z.array(ToolCall),
      finishReason: z.string(),
      inputTokens: z.int().nonnegative(),
      outputTokens: z.int().nonnegative(),
      costMicros: Micros,
      dataSubject: DataSubject,
    }),
    { personal: ['text', 'toolCalls'] },
  ),
  /** A model call that failed for good; the run says so and ends. */
  'model-failed': event(1, z.strictObject({ askId: Id, faultKind: z.string(), code: z.string(), because: z.string() })),
  'effect-requested': event(
    1,
    z.strictObject({
      effectId: Id,
      callId: z.string(),
      epoch: z.int().positive(),
      action: z.string(),
      args: JsonObject,
      digest: Digest,
      effectClass: EffectClassName,
      trust: TrustLabel,
      dataSubject: DataSubject,
    }),
    { personal: ['args'] },
  ),
  'effect-observed': event(
    1,
    z.strictObject({
      effectId: Id,
      outcome: z.enum(['succeeded', 'failed', 'refused', 'unknown']),
      detail: JsonObject,
      dataSubject: DataSubject,
    }),
    { personal: ['detail'] },
  ),
  ...overrideEvents,
  suspended: event(1, z.strictObject({ waitingFor: z.enum(['recall', 'effect']), id: Id })),
  /** The agent says that these were done, and nothing on record does. Stands before the end whose summary says it. */
  'claim-unsupported': event(1, z.strictObject({ actions: z.array(z.string()).min(1), step: z.int().nonnegative() })),
  finished: event(
    1,
    z.strictObject({
      outcome: z.enum(['done', 'refused', 'failed']),
      summary: z.string(),
      spentMicros: Micros,
      steps: z.int().nonnegative(),
      dataSubject: DataSubject,
    }),
    { personal: ['summary'] },
  ),
  ...programEvents,
});
export type LoopEvent = EventOf<typeof loop>;
