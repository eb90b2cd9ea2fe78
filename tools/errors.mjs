/** Prints every error code with its meaning and what to do. `--write` (npm run errors) writes the reference page. */
import './register.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { ROOT } = await import('../tests/errors/codes-in-sources.ts');
const { errorsPage, errorTables, PAGE_FILE } = await import('../tests/errors/errors-page.ts');

const page = errorsPage(await errorTables());
if (process.argv.includes('--write')) writeFileSync(join(ROOT, PAGE_FILE), page);
else process.stdout.write(page);
