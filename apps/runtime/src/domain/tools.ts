/**
 * The tools a model may be offered. A tool is an action with an outward effect; connectors carry it out, and check the
 * same arguments again from what the authorization says.
 *
 * I1 an agent is offered, and may use, the actions of its definition only [D2]
 * I2 tools stand in one order, by name, so that the prompt's prefix stays stable
 */
import type { AgentDefinition } from '@soloist/contracts';
import type { EffectClass, Json } from '@soloist/kernel';

export interface Tool {
  readonly name: string;
  /** What the model reads about it. */
  readonly description: string;
  /** JSON Schema (draft 2020-12) of the arguments. */
  readonly parameters: { readonly [key: string]: Json };
  readonly effectClass: EffectClass;
}

const ADDRESS_PATTERN = '^[^\\s@<>",;:()\\[\\]]+@[^\\s@<>",;:()\\[\\]]+$';

const mailSend: Tool = {
  name: 'mail.send',
  description: 'Sends one plain-text mail in the name of the owner. The owner may have to approve it first.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['to', 'subject', 'text', 'inReplyTo'],
    properties: {
      to: {
        type: 'array',
        description: 'Addresses of the recipients, without names.',
        minItems: 1,
        maxItems: 20,
        items: { type: 'string', pattern: ADDRESS_PATTERN, maxLength: 254 },
      },
      subject: { type: 'string', minLength: 1, maxLength: 300, pattern: '^[^\\r\\n]*$' },
      text: { type: 'string', minLength: 1, maxLength: 100_000, description: 'The whole text of the mail.' },
      inReplyTo: {
        anyOf: [{ type: 'string', maxLength: 998, pattern: '^<[^\\s<>]+>$' }, { type: 'null' }],
        description: 'Message-ID of the mail that is answered, with its angle brackets; null for a new conversation.',
      },
    },
  },
  effectClass: 'check-first',
};

const TOOLS: readonly Tool[] = [mailSend].sort((left, right) => (left.name < right.name ? -1 : 1));

export function toolsOf(definition: AgentDefinition): readonly Tool[] {
  return TOOLS.filter((tool) => definition.actions.includes(tool.name));
}

/** Every tool there is, whoever may use it. */
export function allTools(): readonly Tool[] {
  return TOOLS;
}
