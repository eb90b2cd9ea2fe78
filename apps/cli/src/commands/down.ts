/** `soloist down` */
import { EXIT } from '../exit-codes.js';
import { installationPaths } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

export async function downCommand(surroundings: Surroundings): Promise<number> {
  const { output } = surroundings;
  const { down } = await import('@soloist/host/installation');
  const paths = await installationPaths(surroundings);
  const report = await down(paths);
  output.json({ type: 'down.finished', dataDir: paths.folder, ...report });
  for (const part of report.leftovers) output.message(`stopped the ${part} that an earlier host had left`);
  for (const part of report.killed) output.message(`${part} did not end in time and was killed; the next start recovers it from the log`);
  if (!report.wasRunning) output.line(`nothing runs on ${paths.folder}`);
  else output.line(`stopped after ${report.seconds} s${resumes(report.openRuns)}`);
  return EXIT.ok;
}

export function resumes(openRuns: number | null): string {
  return openRuns === null || openRuns === 0 ? '' : `; ${openRuns} ${openRuns === 1 ? 'run' : 'runs'} paused; \`./soloist up\` resumes ${openRuns === 1 ? 'it' : 'them'}`;
}
