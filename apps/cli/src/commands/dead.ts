/** `soloist dead list|show|retry|discard` */
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { shortTime } from '../format.js';
import { requireApi } from '../installation.js';
import { oneOf } from '../options.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;
const STATES = ['open', 'redelivered', 'discarded', 'all'] as const;

/** GET /v1/dead */
interface DeadLetter {
  readonly id: string;
  readonly state: 'open' | 'redelivered' | 'discarded';
  readonly owner: string;
  readonly consumer: string;
  readonly entity: string;
  readonly key: string;
  readonly position: { readonly stream: number; readonly sequence: number } | null;
  readonly commit: string | null;
  readonly isCommand: boolean;
  readonly reason: string;
  readonly attempts: number;
  readonly at: string;
  readonly outcomes: readonly { readonly outcome: string; readonly reason: string; readonly at: string }[];
}

export async function deadListCommand(surroundings: Surroundings, options: Options): Promise<void> {
  const { output } = surroundings;
  const state = oneOf('--state', options['state'], STATES);
  const answer = await (await requireApi(surroundings)).get<{ letters: readonly DeadLetter[]; unreadable: number }>('/v1/dead');
  const letters = answer.letters.filter((letter) => state === 'all' || letter.state === state);
  output.json({ type: 'dead.list', letters, unreadable: answer.unreadable });
  if (answer.unreadable > 0) output.message(`${answer.unreadable} entries cannot be read as letters`);
  if (letters.length === 0) return output.message(state === 'open' ? 'no dead letters are open' : 'no such letters');
  await output.table(
    ['letter', 'owner', 'about', 'state', 'reason', 'at'],
    letters.map((letter) => [letter.id, letter.owner, `${letter.entity} ${letter.key}`, letter.state, lastReason(letter), output.isTerminal ? shortTime(letter.at) : letter.at]),
  );
  if (letters.some((letter) => letter.state === 'open')) output.message('put right what was wrong, then: ./soloist dead retry ID');
}

export async function deadShowCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<void> {
  const { output } = surroundings;
  const letter = await (await requireApi(surroundings)).get<DeadLetter>(`/v1/dead/${encodeURIComponent(id)}`);
  output.json({ type: 'dead.shown', letter });
  const where = letter.position === null ? 'not on the log' : letter.isCommand ? `command ${letter.position.sequence}` : `event stream ${letter.position.stream}, sequence ${letter.position.sequence}`;
  for (const line of [
    `letter    ${letter.id}  ${letter.state}`,
    `of        ${letter.consumer}, given up after ${letter.attempts} ${letter.attempts === 1 ? 'delivery' : 'deliveries'} at ${letter.at}`,
    `about     ${letter.entity} ${letter.key}, ${where}, commit ${letter.commit ?? 'unreadable'}`,
    `reason    ${letter.reason}`,
    ...letter.outcomes.map(({ outcome, reason, at }) => `${outcome}  ${at}  ${reason}`),
  ]) output.line(line);
}

export async function deadRetryCommand(surroundings: Surroundings, _options: Options, id = ''): Promise<number> {
  return settle(surroundings, id, await (await requireApi(surroundings)).post<DeadLetter>(`/v1/dead/${encodeURIComponent(id)}/retry`, {}), 'redelivered');
}

export async function deadDiscardCommand(surroundings: Surroundings, options: Options, id = ''): Promise<number> {
  const reason = options['reason'];
  if (typeof reason !== 'string' || reason === '') throw new Failure('cli.usage', 'discarding needs a reason, which is kept', 'say why: --reason TEXT', EXIT.usage);
  return settle(surroundings, id, await (await requireApi(surroundings)).post<DeadLetter>(`/v1/dead/${encodeURIComponent(id)}/discard`, { reason }), 'discarded');
}

function settle({ output }: Surroundings, id: string, letter: DeadLetter, wanted: DeadLetter['state']): number {
  output.json({ type: 'dead.settled', letter });
  output.line(`${id}  ${letter.state}`);
  if (letter.state === wanted) return EXIT.ok;
  output.message(letter.outcomes.at(-1)?.outcome === 'failed' ? `it failed again: ${lastReason(letter)}` : `not on record yet; look again: ./soloist dead show ${id}`);
  return EXIT.failed;
}

function lastReason({ outcomes, reason }: DeadLetter): string {
  return outcomes.at(-1)?.reason ?? reason;
}
