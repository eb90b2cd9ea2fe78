/**
 * The command line's side of the governance API. It has no rights of its own: the operator's token, read from the
 * installation's secrets each time.
 *
 * I1 a status means the same exit code everywhere: 401/403 → 4, 404 → 3, 409 → 5, 422 → 6
 * I2 the token is sent to the loopback address only and stands in no message
 */
import { readFile } from 'node:fs/promises';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';

const ANSWER_WITHIN_MS = 20_000;

export class ApiClient {
  constructor(
    readonly url: string,
    private readonly tokenFile: string,
  ) {}

  get<Answer>(path: string): Promise<Answer> {
    return this.request<Answer>('GET', path);
  }

  post<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.request<Answer>('POST', path, body);
  }

  private async request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const token = await this.token();
    let response: Response;
    try {
      response = await fetch(`${this.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
    } catch (error) {
      throw unreachable(this.url, error);
    }
    const text = await response.text();
    if (response.ok) return parse<Answer>(text, path);
    throw refused(response.status, text, path);
  }

  private async token(): Promise<string> {
    try {
      return (await readFile(this.tokenFile, 'utf8')).trim();
    } catch (error) {
      throw new Failure('cli.token-missing', `the API token cannot be read from ${this.tokenFile}`, 'start once with: ./soloist up', EXIT.credential, { cause: error });
    }
  }
}

function parse<Answer>(text: string, path: string): Answer {
  try {
    return JSON.parse(text) as Answer;
  } catch (error) {
    throw new Failure('cli.answer-unreadable', `the API answered ${path} with something that is not JSON`, './soloist doctor', EXIT.failed, { cause: error });
  }
}

function unreachable(url: string, error: unknown): Failure {
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  if (isLate) return new Failure('cli.api-late', `the API at ${url} did not answer within ${ANSWER_WITHIN_MS / 1_000} s`, './soloist doctor', EXIT.timedOut, { cause: error });
  return new Failure('cli.api-unreachable', `nothing answers at ${url}`, './soloist status', EXIT.failed, { cause: error });
}

const EXIT_OF_STATUS: Readonly<Record<number, number>> = {
  400: EXIT.usage,
  401: EXIT.credential,
  403: EXIT.credential,
  404: EXIT.notFound,
  409: EXIT.conflict,
  410: EXIT.conflict,
  422: EXIT.refused,
  504: EXIT.timedOut,
};

interface ErrorBody {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly because?: unknown;
  readonly next?: unknown;
}

function refused(status: number, text: string, path: string): Failure {
  const body = errorBody(text);
  const said = [body.message, body.because].find((part) => typeof part === 'string') as string | undefined;
  const code = typeof body.code === 'string' ? body.code : `api.status-${status}`;
  return new Failure(
    code,
    said ?? `the API answered ${path} with status ${status}`,
    // The API speaks of routes; here the same advice is a command.
    NEXT_OF_CODE[code] ?? (typeof body.next === 'string' ? body.next : './soloist doctor'),
    EXIT_OF_STATUS[status] ?? EXIT.failed,
  );
}

const NEXT_OF_CODE: Readonly<Record<string, string>> = {
  'run.unknown': './soloist run list',
  'program.not-registered': './soloist program list',
  'program.input-refused': './soloist program list --json shows the schema of each version',
  'gate.unknown': './soloist gate list --state all',
  'why.unknown': 'take an id from ./soloist run list, or the place of a commit: EVENTS-STREAM:SEQUENCE',
  'dead.unknown': './soloist dead list --state all',
  'dead.settled': 'look at it: ./soloist dead show ID',
  'dead.not-retryable': 'close it: ./soloist dead discard ID --reason TEXT',
  'gate.digest-mismatch': 'look at the card again: ./soloist gate show ID',
  'token.needed': './soloist doctor keys',
  'token.unknown': './soloist token list',
  'mailing.not-set': './soloist notify set ADDRESS',
  'webhook.unknown': './soloist webhook list',
  'request.invalid': './soloist --help',
};

/** What stands in `error`, or at the top in answers that others than our API give. */
function errorBody(text: string): ErrorBody {
  try {
    const body = JSON.parse(text) as ErrorBody & { error?: unknown };
    return typeof body.error === 'object' && body.error !== null ? body.error : body;
  } catch {
    return {};
  }
}
