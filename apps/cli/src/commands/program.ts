/** `soloist program list|start`, `soloist run send` */
import { readFile } from 'node:fs/promises';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { oneLine, shortTime } from '../format.js';
import { requireApi } from '../installation.js';
import type { Surroundings } from '../surroundings.js';

type Options = Readonly<Record<string, unknown>>;

/** GET /v1/programs */
interface ProgramCard {
  readonly name: string;
  readonly newest: string;
  readonly versions: readonly { readonly version: string; readonly inputSchema: unknown; readonly registeredAt: string }[];
}

/** POST /v1/programs/{name}/runs */
interface Started {
  readonly runId: string;
  readonly url: string;
  readonly program: string;
  readonly version: string;
  readonly isOnRecord: boolean;
}

/** POST /v1/runs/{id}/events */
interface Sent {
  readonly runId: string;
  readonly eventId: string;
  readonly state: string;
  readonly isOnRecord: boolean;
}

export async function programListCommand(surroundings: Surroundings): Promise<void> {
  const { output } = surroundings;
  const { programs } = await (await requireApi(surroundings)).get<{ programs: readonly ProgramCard[] }>('/v1/programs');
  output.json({ type: 'program.list', programs });
  if (programs.length === 0) return output.message('no program is registered; name the module that exports them in SOLOIST_PROGRAMS, then start again');
  const rows = programs.flatMap(({ name, newest, versions }) => versions.map(({ version, inputSchema, registeredAt }) => [name, version, version === newest ? 'new runs' : '', inputSchema === null ? 'anything' : fieldsOf(inputSchema), output.isTerminal ? shortTime(registeredAt) : registeredAt]));
  await output.table(['program', 'version', 'taken by', 'input', 'registered'], rows);
}

export async function programStartCommand(surroundings: Surroundings, options: Options, name = ''): Promise<void> {
  const { output } = surroundings;
  const body = { input: await jsonOf('--input', options['input']), ...given(options, 'key'), ...given(options, 'version', 'programVersion'), ...given(options, 'dataSubject', 'subject') };
  const started = await (await requireApi(surroundings)).post<Started>(`/v1/programs/${encodeURIComponent(name)}/runs`, body);
  output.json({ type: 'program.started', ...started });
  output.line(`${started.runId}  ${started.program}@${started.version}`);
  output.message(started.isOnRecord ? `look at it: ./soloist run show ${started.runId}` : 'the wish is durable, and no worker has begun it yet; look again: ./soloist run list');
}

export async function runSendCommand(surroundings: Surroundings, options: Options, id = '', name = ''): Promise<number> {
  const { output } = surroundings;
  const body = { name, payload: await jsonOf('--input', options['input']), ...given(options, 'key') };
  const sent = await (await requireApi(surroundings)).post<Sent>(`/v1/runs/${encodeURIComponent(id)}/events`, body);
  output.json({ type: 'run.sent', ...sent });
  output.line(`${sent.runId}  ${sent.isOnRecord ? `received ${name}` : sent.state}`);
  if (sent.isOnRecord) return EXIT.ok;
  output.message(sent.state === 'ended' ? 'the run has ended; it takes no events any more' : 'the wish is durable and not on record yet; look at it with: ./soloist run show ID');
  return sent.state === 'ended' ? EXIT.conflict : EXIT.timedOut;
}

function given(options: Options, field: string, option = field): Readonly<Record<string, string>> {
  const value = options[option];
  return typeof value === 'string' ? { [field]: value } : {};
}

/** JSON as it stands, or @FILE. @throws Failure cli.usage */
async function jsonOf(flag: string, value: unknown): Promise<unknown> {
  if (typeof value !== 'string') return null;
  const isFile = value.startsWith('@');
  try {
    return JSON.parse(isFile ? await readFile(value.slice(1), 'utf8') : value) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('cli.usage', `${flag} ${isFile ? `names ${value.slice(1)}, which cannot be read as JSON` : 'is no JSON'}: ${oneLine(reason)}`, `${flag} '{"name":"value"}', or ${flag} @FILE`, EXIT.usage, { cause: error });
  }
}

/** Names alone; the whole schema is in --json. */
function fieldsOf(schema: unknown): string {
  const { properties, required } = schema as { properties?: Readonly<Record<string, unknown>>; required?: readonly string[] };
  if (properties === undefined) return 'by its schema';
  return Object.keys(properties).map((field) => `${field}${required?.includes(field) === true ? '' : '?'}`).join(' ');
}
