/** JSON Schemas of the catalog's files, for editors (`# yaml-language-server: $schema=…`) and for other programs. */
import { AgentDefinition, PolicyDocument } from '@soloist/contracts';
import { z } from 'zod';
import { RoutingRules } from './routing-rules.js';

const published = { 'agent.schema.json': AgentDefinition, 'policy.schema.json': PolicyDocument, 'routing.schema.json': RoutingRules };

/** File name in libs/catalog/schemas → its text. `npm run schemas --workspace @soloist/catalog` writes them. */
export function jsonSchemaTexts(): ReadonlyMap<string, string> {
  return new Map(Object.entries(published).map(([name, schema]) => [name, `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`]));
}
