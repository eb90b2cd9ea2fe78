/** `soloist audit export|verify` */
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { oneLine } from '../format.js';
import { installationPaths } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

const ID = /^[a-z0-9-]{1,64}$/;

export async function auditExportCommand(surroundings: Surroundings, options: Options): Promise<number> {
  const { output } = surroundings;
  const { exportAudit, momentOf } = await import('@soloist/host/audit');
  const moment = (flag: 'since' | 'until'): string | null => {
    const text = options[flag];
    if (typeof text !== 'string') return null;
    const at = momentOf(text, flag);
    if (at === null) throw usage(`--${flag} is ${JSON.stringify(text)}, but must be a UTC day such as 2026-11-24, or a moment such as 2026-11-24T09:00:00Z`, `correct --${flag}`);
    return at;
  };
  const out = options['out'];
  if (typeof out !== 'string' || out === '') throw usage('--out is empty', 'name a new folder, or a file that ends in .jsonl');
  const selection = { since: moment('since'), until: moment('until'), runs: ids('--run', options['run']), acts: ids('--act', options['act']), isComplete: options['complete'] === true };
  if (selection.since !== null && selection.until !== null && selection.since >= selection.until) throw usage('--until is not later than --since', 'correct the range');
  if (selection.isComplete && selection.runs.length + selection.acts.length > 0) throw usage('--complete is for whole ranges, and cannot stand with --run or --act', 'leave one of them out');
  const report = await exportAudit(await installationPaths(surroundings), { selection, out, isOpen: options['open'] === true });
  output.json({ type: 'audit.exported', ...report });
  output.line(`${report.acts} ${report.acts === 1 ? 'act' : 'acts'} on ${report.commits} commits written to ${report.target}, signed by ${report.keyId}`);
  output.message(`check it here: ./soloist audit verify ${out}; anywhere else, with nothing but Node: node verify.mjs --key log-signing.pub`);
  for (const stream of report.brokenStreams) output.message(`${stream} does not meet its signed heads; look with ./soloist log verify`);
  if (report.actsWithGaps > 0) output.message(`${report.actsWithGaps} of them lack a link on the log itself; look with ./soloist why ID`);
  return report.brokenStreams.length + report.actsWithGaps === 0 ? EXIT.ok : EXIT.failed;
}

export async function auditVerifyCommand(surroundings: Surroundings, options: Options, path = ''): Promise<number> {
  const { output } = surroundings;
  const { verifyAudit } = await import('@soloist/host/audit');
  const { isWhole, lines } = await verifyAudit(path, { keyFile: typeof options['key'] === 'string' ? options['key'] : null, isJson: output.isJson });
  for (const line of lines) {
    if (output.isJson) output.json(JSON.parse(line) as { readonly type: string });
    else output.line(oneLine(line, Infinity));
  }
  return isWhole ? EXIT.ok : EXIT.failed;
}

function ids(flag: string, given: unknown): readonly string[] {
  const found = Array.isArray(given) ? (given as readonly string[]) : [];
  const wrong = found.find((id) => !ID.test(id));
  if (wrong !== undefined) throw usage(`${flag} is ${JSON.stringify(wrong)}, but must be an id of lower-case letters, digits and -`, `correct ${flag}`);
  return [...new Set(found)];
}

function usage(message: string, next: string): Failure {
  return new Failure('cli.usage', message, next, EXIT.usage);
}
