/**
 * Prints which demand is cited by which test. `--write` (npm run requirements) also writes the reference page and raises
 * the floor, which never falls by itself.
 */
import './register.mjs';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { allCitations, ROOT } = await import('../tests/requirements/citations.ts');
const { FLOOR_FILE, floorOf, REPORT_FILE, reportOf } = await import('../tests/requirements/report.ts');

const citations = allCitations();
const page = reportOf(citations);
process.stdout.write(page);

if (process.argv.includes('--write')) {
  const floorFile = join(ROOT, FLOOR_FILE);
  const floor = floorOf(JSON.parse(readFileSync(floorFile, 'utf8')), citations);
  mkdirSync(dirname(join(ROOT, REPORT_FILE)), { recursive: true });
  writeFileSync(join(ROOT, REPORT_FILE), page);
  writeFileSync(floorFile, `${JSON.stringify(floor)}\n`);
}
