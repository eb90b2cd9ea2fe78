/** Prints docs/guarantees.md. `--write` (npm run guarantees) writes it. */
import './register.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const { allCitations, ROOT } = await import('../tests/requirements/citations.ts');
const { keptFigures } = await import('../tests/guarantees/figures.ts');
const { guaranteesPage, PAGE_FILE } = await import('../tests/guarantees/page.ts');

const page = guaranteesPage(allCitations(), keptFigures(ROOT));
if (process.argv.includes('--write')) writeFileSync(join(ROOT, PAGE_FILE), page);
else process.stdout.write(page);
