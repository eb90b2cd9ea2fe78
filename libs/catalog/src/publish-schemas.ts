import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCHEMAS_FOLDER } from './folders.js';
import { jsonSchemaTexts } from './json-schemas.js';

mkdirSync(SCHEMAS_FOLDER, { recursive: true });
for (const [name, text] of jsonSchemaTexts()) writeFileSync(join(SCHEMAS_FOLDER, name), text);
