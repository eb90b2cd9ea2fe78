/** Listens to the stream of notices, on a socket whose reading the test has in hand. Frames are read as WHATWG HTML says. */
import { request, type IncomingMessage } from 'node:http';
import { createMemoryLog, type LogConnection, type MemoryLog } from '@soloist/eventlog';
import { governanceService, openGovernanceInMemory } from '@soloist/governance';
import { defineService, startService } from '@soloist/service';
import { catalog, say, until, type Company } from './company.fixture.js';

/** Governance on a log that others of its kind may have too, with rounds that the test makes besides those of time. */
export interface Replica extends Company {
  /** Beats and looks, now. Who is given two beats in a row has had no time to read in between, and may be cut. */
  makeRounds(): Promise<void>;
  /** Looks at the log, now, without a beat. */
  look(): Promise<void>;
}

export async function startReplica(log: MemoryLog = createMemoryLog({ streams: 8 })): Promise<Replica> {
  return { ...(await startOn(log.connect('governance'))), log };
}

/** What comes oftener than this is a look at the log. */
const BEATS_FROM_MS = 1_000;

/** On whatever log, with the API as production has it. */
export async function startOn(connection: LogConnection): Promise<Replica> {
  const made = new Map<() => Promise<void>, number>();
  let at = Date.parse('2026-11-25T00:00:00.000Z');
  const rounds = {
    now: () => new Date((at += 1_000)).toISOString(),
    every: (ms: number, round: () => Promise<void>) => (made.set(round, ms), { stop: () => Promise.resolve(void made.delete(round)) }),
  };
  const governance = openGovernanceInMemory(connection, { ...catalog, companyDayLimit: { micros: 1_000_000_000, currency: 'USD' } }, undefined, rounds);
  const service = defineService({ ...governanceService, sources: governanceService.sources.filter(({ name }) => name === 'publish-catalog'), open: () => Promise.resolve(governance.opened) });
  const started = await startService(service, { SOLOIST_POSTGRES_URL: 'postgresql://nobody@127.0.0.1:1/none', SOLOIST_HTTP_PORT: '0' }, connection);
  if (started.address === null) throw new Error('governance has no address');
  const make = async (belowMs: number): Promise<void> => {
    for (const [round, ms] of [...made]) if (ms < belowMs) await round();
  };
  return { log: connection as unknown as MemoryLog, governance, connection, api: `http://127.0.0.1:${started.address.port}`, stop: () => started.stop(), makeRounds: () => make(Infinity), look: () => make(BEATS_FROM_MS) };
}

export interface HeardNotice {
  readonly token: string;
  readonly notice: any;
}

export class Listening {
  readonly heard: HeardNotice[] = [];
  readonly comments: string[] = [];
  /** The last id of any frame, with an event or without. */
  lastId = '';
  /** How many bytes came. */
  bytes = 0;
  isOver = false;
  private rest = '';

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (text: string) => this.take(text));
    for (const end of ['end', 'close', 'error'] as const) response.on(end, () => (this.isOver = true));
  }

  get ids(): readonly string[] {
    return this.heard.map(({ notice }) => notice.id);
  }
  get types(): readonly string[] {
    return this.heard.map(({ notice }) => notice.type);
  }
  async until(holds: (listening: Listening) => boolean): Promise<this> {
    await until(() => Promise.resolve(this), holds);
    return this;
  }
  hangUp(): void {
    this.response.destroy();
  }

  private take(text: string): void {
    this.bytes += text.length;
    const frames = `${this.rest}${text}`.split('\n\n');
    this.rest = frames.pop() ?? '';
    for (const frame of frames) this.read(frame.split('\n'));
  }

  private read(lines: readonly string[]): void {
    const field = (name: string): string | undefined => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    this.comments.push(...lines.filter((line) => line.startsWith(':')));
    this.lastId = field('id') ?? this.lastId;
    const data = field('data');
    if (data !== undefined) this.heard.push({ token: this.lastId, notice: JSON.parse(data) });
  }
}

export interface ListenOptions {
  readonly query?: string;
  readonly lastEventId?: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
}

/** A stream, or the answer that there is none. */
export function ask(company: Company, { query = '', lastEventId, token = company.governance.token, headers = {} }: ListenOptions = {}): Promise<{ status: number; response: IncomingMessage }> {
  const all = { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }), ...headers };
  return new Promise((resolve, reject) => {
    const sent = request(`${company.api}/v1/events${query}`, { headers: all, agent: false }, (response) => resolve({ status: response.statusCode ?? 0, response }));
    sent.on('error', reject);
    sent.end();
  });
}

export async function listen(company: Company, options: ListenOptions = {}): Promise<Listening> {
  const { status, response } = await ask(company, options);
  if (status !== 200) throw new Error(`no stream: ${status}`);
  return new Listening(response);
}

/** One commit of so many notices on a run's gate. */
export function remind(log: Parameters<typeof say>[0], runId: string, count = 1): Promise<unknown> {
  const reminded = (number: number): { type: string; data: unknown } => ({ type: 'governance.gate.reminded', data: { gateId: `${runId}-g1`, number, dueAt: '2026-11-25T00:00:00.000Z' } });
  return say(log, 'governance', 'gate', runId, ...Array.from({ length: count }, (_, index) => reminded(index + 1)));
}
