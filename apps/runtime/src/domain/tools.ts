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

/** What connectors take as a mail address. */
const ADDRESS_PATTERN = "^(?!\\.)(?!.*\\.\\.)([A-Za-z0-9_'+\\-.]*)[A-Za-z0-9_+\\-]@([A-Za-z0-9][A-Za-z0-9\\-]*\\.)+[A-Za-z]{2,}$";
const ONE_LINE_PATTERN = '^[^\\u0000-\\u001f\\u007f]*$';
const MESSAGE_ID_PATTERN = '^<[\\x21-\\x3b\\x3d\\x3f-\\x7e]+>$';

const mailSend: Tool = {
  name: 'mail.send',
  description: 'Sends one plain-text mail in the name of the owner. The owner may have to approve it first.',
  parameters: {
    type: 'object',
    additionalProperties: false,
    required: ['to', 'subject', 'text'],
    properties: {
      to: {
        type: 'array',
        description: 'Addresses of the recipients, without names.',
        minItems: 1,
        maxItems: 50,
        items: { type: 'string', pattern: ADDRESS_PATTERN, maxLength: 254 },
      },
      subject: { type: 'string', minLength: 1, maxLength: 500, pattern: ONE_LINE_PATTERN },
      text: { type: 'string', minLength: 1, maxLength: 200_000, pattern: '^[^\\u0000]*$', description: 'The whole text of the mail.' },
      inReplyTo: {
        anyOf: [{ type: 'string', maxLength: 900, pattern: MESSAGE_ID_PATTERN }, { type: 'null' }],
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
