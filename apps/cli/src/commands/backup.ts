/** `soloist backup FOLDER` and `soloist restore FOLDER` */
import { EXIT } from '../exit-codes.js';
import { installationPaths } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;
const MIB = 1024 * 1024;

export async function backupCommand(surroundings: Surroundings, _options: Options, folder = ''): Promise<number> {
  const { output } = surroundings;
  const { backup } = await import('@soloist/host/log');
  const report = await backup(await installationPaths(surroundings), folder);
  output.json({ type: 'backup.taken', ...report });
  output.line(`backed up to ${report.folder}: ${(report.bytes / MIB).toFixed(1)} MiB in ${report.files.log + report.files.keys + report.files.mailbox} files`);
  output.message('log/ opens only with keys/: keep the two apart, and after an erasure delete older copies of keys/');
  return EXIT.ok;
}

export async function restoreCommand(surroundings: Surroundings, options: Options, folder = ''): Promise<number> {
  const { output } = surroundings;
  const { restore } = await import('@soloist/host/log');
  const keys = options['keys'];
  const report = await restore(await installationPaths(surroundings), folder, typeof keys === 'string' ? keys : null);
  output.json({ type: 'backup.restored', ...report });
  output.line(`restored ${report.files} files of ${report.takenAt} to ${report.folder}, incarnation ${report.incarnation}`);
  output.message('start it with ./soloist up, then check it with ./soloist log verify. What was done outside after the backup is not on this log.');
  return EXIT.ok;
}
