/** `soloist mail send|list` */
import { readFile } from 'node:fs/promises';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { oneLine, shortTime } from '../format.js';
import { installationPaths, requireInstance } from '../installation.js';
import { oneOf } from '../options.js';
import { addressesIn, headerOf } from '../raw-mail.js';
import { submitMail } from '../smtp.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;
/** Where mail goes that names nobody: the operator's own address. */
const DEFAULT_OPERATOR = 'operator@soloist.example';

export async function mailSendCommand(surroundings: Surroundings, options: Options, file = ''): Promise<void> {
  const { output, environment } = surroundings;
  const raw = file === '-' ? await readAll(surroundings.stdin) : await readMail(file);
  const head = raw.toString('latin1');
  const { instance } = await requireInstance(surroundings);
  if (instance.smtp === null) throw new Failure('mail.intake-unreachable', 'this instance has no mail intake', './soloist doctor');
  const named = [...addressesIn(headerOf(head, 'to')), ...addressesIn(headerOf(head, 'cc'))];
  const operator = environment['SOLOIST_OPERATOR_ADDRESS'] ?? DEFAULT_OPERATOR;
  const to = typeof options['to'] === 'string' ? [options['to']] : named.length > 0 ? named : [operator];
  const from = typeof options['from'] === 'string' ? options['from'] : (addressesIn(headerOf(head, 'from'))[0] ?? '');
  const response = await submitMail(instance.smtp, { from, to }, raw);
  const messageId = headerOf(head, 'message-id');
  output.json({ type: 'mail.accepted', messageId, envelope: { from, to }, response });
  output.line(messageId ?? '(without Message-ID)');
  output.message(`accepted for ${to.join(', ')}: ${response}`);
}

export async function mailListCommand(surroundings: Surroundings, options: Options): Promise<void> {
  const { output } = surroundings;
  const { listMail, MAIL_BOXES } = await import('@soloist/host/installation');
  const box = oneOf('--box', options['box'], MAIL_BOXES);
  const mails = await listMail(await installationPaths(surroundings), box);
  output.json({ type: 'mail.list', box, mails });
  if (mails.length === 0) return output.message(`no mail in box ${box}`);
  await output.table(
    ['stored', 'from', 'to', 'subject', 'message-id'],
    mails.map(({ storedAt, headers, problem }) => [
      output.isTerminal ? shortTime(storedAt) : storedAt,
      headers?.from.address ?? '-',
      headers?.to.map(({ address }) => address).join(', ') ?? '-',
      headers === null ? `(not a mail: ${problem ?? 'unknown'})` : oneLine(headers.subject, 60),
      headers?.messageId ?? '-',
    ]),
  );
}

async function readMail(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure('mail.unreadable', `${file} cannot be read (${code ?? 'unknown'})`, 'check the file name', code === 'ENOENT' ? EXIT.notFound : EXIT.failed, { cause: error });
  }
}

async function readAll(stdin: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
