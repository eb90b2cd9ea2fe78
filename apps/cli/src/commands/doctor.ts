/** `soloist doctor [check]` */
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { installationPaths } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

const MARKS = { ok: 'ok', failed: 'FAILED', skipped: '-' } as const;

export async function doctorCommand(surroundings: Surroundings, _options: unknown, only = ''): Promise<number> {
  const { output, environment } = surroundings;
  const { CHECK_IDS, diagnose } = await import('@soloist/host/installation');
  if (only !== '' && !(CHECK_IDS as readonly string[]).includes(only)) {
    throw new Failure('cli.usage', `there is no check ${JSON.stringify(only)}`, `choose one of: ${CHECK_IDS.join(' ')}`, EXIT.usage);
  }
  const findings = await diagnose(await installationPaths(surroundings), environment, only === '' ? null : only);
  const isHealthy = findings.every(({ state }) => state !== 'failed');
  output.json({ type: 'doctor', isHealthy, checks: findings });
  if (!output.isTerminal) await output.table([], findings.map(({ id, state, what, next }) => [id, state, what, next ?? '']));
  else {
    for (const { id, state, what, next } of findings) {
      const mark = state === 'failed' ? output.style('red', MARKS[state]) : MARKS[state];
      output.line(`${id.padEnd(12)} ${mark.padEnd(8)} ${what}${next === null ? '' : `\n${' '.repeat(22)}next: ${next}`}`);
    }
  }
  return isHealthy ? EXIT.ok : EXIT.unhealthy;
}
