/** `soloist log verify|export` */
import type { VerifiedLog } from '@soloist/host/log';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { installationPaths } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

export async function logVerifyCommand(surroundings: Surroundings, options: Options): Promise<number> {
  const { output } = surroundings;
  const { file, keep, key } = options;
  const { verifyLog, verifyLogFile } = await import('@soloist/host/log');
  const proofs = { keepFolder: typeof keep === 'string' ? keep : null, keyFile: typeof key === 'string' ? key : null };
  if (typeof file !== 'string' && (proofs.keepFolder ?? proofs.keyFile) !== null) throw new Failure('cli.usage', '--keep and --key belong to --file', 'name the file: --file FILE --keep FOLDER --key log-signing.pub', EXIT.usage);
  const report = typeof file === 'string' ? await verifyLogFile(file, proofs) : await verifyLog(await installationPaths(surroundings));
  output.json({ type: 'log.verified', ...report });
  for (const line of reportLines(report)) output.line(line);
  await output.table(
    ['stream', 'commits', 'entities', 'last', 'head'],
    report.streams.map(({ stream, commits, entities, lastSequence, head }) => [stream, commits, entities, lastSequence, output.isTerminal ? head.slice(0, 16) : head]),
  );
  if (!report.isWhole) output.message('stop Soloist, keep the store as it is, and compare it with a backup: ./soloist restore FOLDER');
  return report.isWhole ? EXIT.ok : EXIT.failed;
}

export async function logExportCommand(surroundings: Surroundings, options: Options, file = ''): Promise<number> {
  const { output } = surroundings;
  const { exportCloudEvents, exportLog } = await import('@soloist/host/log');
  const paths = await installationPaths(surroundings);
  if (options['cloudevents'] === true) {
    const events = await exportCloudEvents(paths, file);
    output.json({ type: 'log.exported', file, form: 'cloudevents', events });
    output.line(`${events} events written to ${file}`);
    return EXIT.ok;
  }
  const report = await exportLog(paths, file);
  output.json({ type: 'log.exported', file, form: 'soloist', ...report });
  output.line(`${report.commits} commits written to ${report.source}`);
  output.message(`check it anywhere: ./soloist log verify --file ${file}`);
  for (const line of findingLines(report)) output.message(line);
  return report.isWhole ? EXIT.ok : EXIT.failed;
}

function reportLines(report: VerifiedLog): readonly string[] {
  const { source, commits, events, entities, fenced, headsMet, isWhole, signedBy } = report;
  const signature = typeof signedBy === 'string' ? `; signed by ${signedBy}` : '';
  const counted = `${commits} commits, ${events} events, ${entities} entities, ${fenced} fenced; ${headsMet} recorded heads met${signature}`;
  return isWhole ? [`${source} is whole: ${counted}`] : [`${source} is broken: ${counted}`, ...findingLines(report)];
}

function findingLines({ findings, broken }: VerifiedLog): readonly string[] {
  const lines = findings.map(({ check, stream, sequence, subject, reason }) => `broken (${check}) at ${stream}${sequence === null ? '' : ` sequence ${sequence}`}${subject === null ? '' : `, ${subject}`}: ${reason}`);
  return broken > lines.length ? [...lines, `and ${broken - lines.length} more`] : lines;
}
