/** What an agent is: data, not code (requirement D2). The YAML files of libs/catalog are checked against this. */
import { z } from 'zod';
import { AgentName, Currency, Micros } from './scalars.js';

export const AgentDefinition = z.strictObject({
  name: AgentName,
  purpose: z.string().min(1).max(500),
  /** What the model is told; the prompt builder puts it first, so that the prefix stays stable. */
  instructions: z.string().min(1).max(20_000),
  model: z.strictObject({
    /** An alias of the model table, or `rehearsal`. */
    alias: z.string().min(1),
    maxOutputTokens: z.int().min(1).max(100_000),
    temperature: z.number().min(0).max(2).default(0),
  }),
  /** Actions the agent may ask for; anything else is refused before any I/O. */
  actions: z.array(z.string().regex(/^[a-z]+\.[a-z-]+$/)).default([]),
  memory: z.strictObject({ recallLimit: z.int().min(0).max(50).default(8) }).default({ recallLimit: 8 }),
  /** What a run may cost and use at most. A budget line in a measure that is not bounded here refuses the agent's runs. */
  budget: z.strictObject({
    perRunMicros: Micros,
    currency: Currency.default('USD'),
    /** Tokens in and out together, by upper bound before each call. */
    perRunTokens: z.int().positive().optional(),
    /** Model calls, repeated ones included. */
    perRunCalls: z.int().positive().optional(),
    /** Minutes from the first claim to the end; booked when the run ends. */
    perRunMinutes: z.int().positive().optional(),
  }),
  /** What its costs are booked under besides its own name. */
  feature: AgentName.optional(),
  workflow: AgentName.optional(),
  limits: z.strictObject({ maxSteps: z.int().min(1).max(200).default(12) }).default({ maxSteps: 12 }),
});
export type AgentDefinition = z.output<typeof AgentDefinition>;
