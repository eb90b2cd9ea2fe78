/** `soloist token create|list|revoke` */
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { requireApi } from '../installation.js';
import { shortTime } from '../format.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

/** GET /v1/tokens */
interface Token {
  readonly name: string;
  readonly scopes: readonly string[];
  readonly state: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;

/** The clear token is the one line on standard output, so that a script can keep it and nothing else shows it. */
export async function tokenCreateCommand(surroundings: Surroundings, options: Options, name = ''): Promise<void> {
  const { output } = surroundings;
  const scopes = String(options['scope'] ?? '').split(',').map((scope) => scope.trim()).filter((scope) => scope !== '');
  if (scopes.length === 0) throw new Failure('cli.usage', '--scope names no scope', 'give one or more of read, decide, operate, admin, with commas', EXIT.usage);
  const expiresInSeconds = options['expires'] === undefined ? null : secondsOf(String(options['expires']));
  const made = await (await requireApi(surroundings)).post<Token & { readonly token: string }>('/v1/tokens', { name, scopes, expiresInSeconds });
  output.json({ type: 'token.created', ...made });
  output.line(made.token);
  output.message(`${made.name} may ${made.scopes.join(', ')}${made.expiresAt === null ? '' : ` until ${shortTime(made.expiresAt)}`}; this is shown once. End it: ./soloist token revoke ${made.name}`);
}

export async function tokenListCommand(surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const { tokens } = await (await requireApi(surroundings)).get<{ tokens: readonly Token[] }>('/v1/tokens');
  output.json({ type: 'token.list', tokens });
  if (tokens.length === 0) return output.message("no tokens beside the operator's own; make one: ./soloist token create NAME --scope read");
  const time = (moment: string): string => (output.isTerminal ? shortTime(moment) : moment);
  await output.table(
    ['name', 'scopes', 'state', 'created', 'expires'],
    tokens.map(({ name, scopes, state, createdAt, expiresAt }) => [name, scopes.join(','), state, time(createdAt), expiresAt === null ? '-' : time(expiresAt)]),
  );
}

export async function tokenRevokeCommand(surroundings: Surroundings, _options: Options, name = ''): Promise<void> {
  const { output } = surroundings;
  const token = await (await requireApi(surroundings)).post<Token>(`/v1/tokens/${encodeURIComponent(name)}/revoke`, {});
  output.json({ type: 'token.revoked', token });
  output.line(`${token.name}  ${token.state}`);
}

/** @throws Failure cli.usage */
function secondsOf(text: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  if (count === '') throw new Failure('cli.usage', `--expires is ${JSON.stringify(text)}, but must be a number of minutes, hours or days such as 30d`, 'correct --expires', EXIT.usage);
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
