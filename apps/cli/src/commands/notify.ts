/** `soloist notify show|set|test|off`: what the company mails to you, and where to */
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { shortTime } from '../format.js';
import { requireApi } from '../installation.js';
import { oneOf } from '../options.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

/** GET /v1/mailing */
interface Mailing {
  readonly address: string | null;
  readonly reminders: boolean;
  readonly digest: { readonly at: string; readonly timeZone: string } | null;
  readonly nextDigestAt: string | null;
  readonly state: string;
  readonly failuresInARow: number;
  readonly lastCode: string | null;
}

export async function notifyShowCommand(surroundings: Surroundings): Promise<void> {
  const mailing = await (await requireApi(surroundings)).get<Mailing>('/v1/mailing');
  surroundings.output.json({ type: 'notify.shown', ...mailing });
  tell(surroundings, mailing);
}

export async function notifySetCommand(surroundings: Surroundings, options: Options, address = ''): Promise<void> {
  const reminders = oneOf('--reminders', options['reminders'], ['on', 'off']) === 'on';
  const digest = options['digest'] === undefined || options['digest'] === 'off' ? null : { at: String(options['digest']), timeZone: String(options['zone'] ?? ownZone()) };
  if (digest === null && options['zone'] !== undefined) throw new Failure('cli.usage', '--zone is given without the time of a digest', 'add --digest HH:MM', EXIT.usage);
  const mailing = await (await requireApi(surroundings)).post<Mailing>('/v1/mailing', { address, reminders, digest });
  surroundings.output.json({ type: 'notify.set', ...mailing });
  tell(surroundings, mailing);
  surroundings.output.message('Try it: ./soloist notify test');
}

export async function notifyOffCommand(surroundings: Surroundings): Promise<void> {
  const mailing = await (await requireApi(surroundings)).post<Mailing>('/v1/mailing/off', {});
  surroundings.output.json({ type: 'notify.ended', ...mailing });
  tell(surroundings, mailing);
}

export async function notifyTestCommand(surroundings: Surroundings): Promise<number> {
  const { output } = surroundings;
  const test = await (await requireApi(surroundings)).post<{ isDelivered: boolean | null; code: string | null }>('/v1/mailing/test', {});
  output.json({ type: 'notify.tested', ...test });
  output.line(test.isDelivered === null ? 'no outcome yet' : test.isDelivered ? 'the mail server took it' : `failed: ${test.code ?? 'unknown'}`);
  if (test.isDelivered === null) return EXIT.timedOut;
  return test.isDelivered ? EXIT.ok : EXIT.failed;
}

function tell({ output }: Surroundings, { address, reminders, digest, nextDigestAt, state, failuresInARow, lastCode }: Mailing): void {
  if (address === null) return output.message('nothing is mailed to you; have it mailed: ./soloist notify set ADDRESS --digest 08:00');
  const next = nextDigestAt === null ? '' : `, next ${output.isTerminal ? shortTime(nextDigestAt) : nextDigestAt}`;
  output.line(`address    ${address}`);
  output.line(`reminders  ${reminders ? 'on' : 'off'}`);
  output.line(`digest     ${digest === null ? 'off' : `${digest.at} ${digest.timeZone}${next}`}`);
  output.line(`state      ${state}${lastCode === null ? '' : `, ${failuresInARow} failed, last ${lastCode}`}`);
}

function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
