/** `soloist run replay ID`: every decision made again from the log, shown step by step. */
import { EXIT } from '../exit-codes.js';
import { shortTime } from '../format.js';
import { installationPaths } from '../installation.js';
import { replayLines } from '../replay-lines.js';
import type { Surroundings } from '../surroundings.js';

export async function replayCommand(surroundings: Surroundings, _options: unknown, runId = ''): Promise<number> {
  const { output, environment } = surroundings;
  const { replayRun } = await import('@soloist/host');
  const report = await replayRun({ paths: await installationPaths(surroundings), runId, environment });
  output.json({ type: 'run.replayed', ...report });
  for (const step of report.steps) {
    output.line(`${shortTime(step.at)}  ${step.type}`);
    for (const line of replayLines(step)) output.line(`    ${line}`);
  }
  output.line();
  output.line(`${report.commits} commits, ${report.decisionsEqual} decisions made again and equal, ${report.divergences.length} different`);
  output.line(`${report.modelCalls} model calls, ${report.effects} effects: answers and receipts came from the record`);
  for (const divergence of report.divergences) output.message(`different: ${JSON.stringify(divergence)}`);
  return report.divergences.length === 0 && report.modelCalls === 0 && report.effects === 0 ? EXIT.ok : EXIT.failed;
}
