/**
 * A whole company of real processes that can be hurt anywhere: broker, database, five services (two workers of those
 * that act), each on a link of its own, and an outside world that remembers what really happened.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hostPaths, type HostPaths } from '@soloist/host/installation';
import { checkHistory, freePort, Link, MailCounterpart, MICROS_PER_MILLION, ModelCounterpart, type Acknowledged, type History, type PublishFrame, type Violation } from '@soloist/testing';
import { Foundations } from './foundations.js';
import { inputOf, TOKEN } from './inputs.js';
import { LogReader } from './log-reader.js';
import { ServiceProcess } from './service-process.js';

/** A twin takes over what its twin has lost, and meets it again when it was only asleep. */
const PROCESSES = ['orchestrator', 'runtime', 'runtime-2', 'memory', 'connectors', 'connectors-2', 'governance'] as const;
const READY_WITHIN_MS = 60_000;
const KEPT_LINES = 12;

export interface CompanyOptions {
  /** Runs that wait behind an unknown outcome keep their envelopes, so that it is large unless it is what is tried. */
  readonly dayLimitMicros?: number;
}

const LARGE_DAY_LIMIT_MICROS = 100_000_000;

export class Company {
  readonly crashPlan: string;
  readonly crashTrace: string;
  readonly acknowledged: Acknowledged[] = [];
  readonly processes: ServiceProcess[] = [];
  readonly links = new Map<string, Link>();
  private token = '';

  private constructor(
    readonly paths: HostPaths,
    readonly foundations: Foundations,
    readonly mail: MailCounterpart,
    readonly model: ModelCounterpart,
    readonly reader: LogReader,
    private readonly ports: { readonly http: number; readonly smtp: number; readonly smtp2: number },
    private readonly dayLimitMicros: number,
  ) {
    this.crashPlan = join(paths.run, 'crash-plan');
    this.crashTrace = join(paths.run, 'crash-trace');
  }

  static async start({ dayLimitMicros = LARGE_DAY_LIMIT_MICROS }: CompanyOptions = {}): Promise<Company> {
    const folder = await mkdtemp(join(tmpdir(), 'soloist-chaos-'));
    const paths = hostPaths(folder);
    for (const made of [paths.keep, paths.secrets, paths.run, join(folder, 'twin')]) await mkdir(made, { recursive: true, mode: 0o700 });
    const [foundations, mail, model] = await Promise.all([Foundations.start(paths), MailCounterpart.listen(), ModelCounterpart.listen(TOKEN)]);
    const { bus } = foundations;
    const reader = await LogReader.open({ servers: bus.url, seedFile: bus.credentials.seedFile('replay'), streams: bus.manifest.streamCount, keepFolder: paths.keep });
    const company = new Company(paths, foundations, mail, model, reader, { http: await freePort(), smtp: await freePort(), smtp2: await freePort() }, dayLimitMicros);
    await company.openLinks();
    for (const label of PROCESSES) company.processes.push(await company.processOf(label));
    for (const one of company.processes) one.start();
    await company.untilReady().catch(async (error: unknown) => {
      await company.stop();
      throw error;
    });
    company.token = (await readFile(paths.apiToken, 'utf8')).trim();
    return company;
  }

  process(label: string): ServiceProcess {
    const found = this.processes.find((one) => one.label === label);
    if (found === undefined) throw new RangeError(`no process is called ${label}`);
    return found;
  }

  link(label: string): Link {
    const found = this.links.get(label);
    if (found === undefined) throw new RangeError(`no link is called ${label}`);
    return found;
  }

  /** All that was started again has said that it is ready. */
  async untilReady(): Promise<void> {
    const deadline = Date.now() + READY_WITHIN_MS;
    await this.foundations.untilUp();
    while (!this.processes.every(({ isReady }) => isReady)) {
      if (Date.now() > deadline) throw new Error(`not ready within ${READY_WITHIN_MS / 1_000} s: ${await this.lastWords()}`);
      await pause(20);
    }
  }

  private async lastWords(): Promise<string> {
    const words = this.processes.filter(({ isReady }) => !isReady).map(async ({ label, options }) => `${label}:\n${(await readFile(options.logFile, 'utf8')).trimEnd().split('\n').slice(-KEPT_LINES).join('\n')}`);
    return [...(await Promise.all(words)), this.foundations.lastFailure].join('\n');
  }

  /** One call of the operator's API. */
  async api(path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(`http://127.0.0.1:${this.ports.http}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    });
    return { status: response.status, body: await response.json() };
  }

  /** The two doors by which mail comes in. */
  get doors(): readonly number[] {
    return [this.ports.smtp, this.ports.smtp2];
  }

  /** What happened outside is noted before the log is read: what happens in between is on the log, and is looked for next time. */
  async history(accepted: readonly string[]): Promise<History> {
    const charges = this.model.bill.map(({ token, micros }) => ({ runId: inputOf(token).runId, micros }));
    const outside = { acknowledged: [...this.acknowledged], delivered: [...this.mail.delivered], charges, accepted: accepted.map(inputOf) };
    await this.reader.readOn();
    return { ...outside, commits: this.reader.commits };
  }

  async check(accepted: readonly string[], isAtRest: boolean): Promise<readonly Violation[]> {
    return checkHistory(await this.history(accepted), isAtRest);
  }

  async stop(): Promise<void> {
    await Promise.all(this.processes.map((one) => one.stop()));
    await this.reader.close();
    await Promise.allSettled([this.foundations.stop(), this.mail.close(), this.model.close()]);
    await Promise.all([...this.links.values()].map((link) => link.close()));
    await rm(this.paths.folder, { recursive: true, force: true });
  }

  private async openLinks(): Promise<void> {
    const { client } = this.foundations.bus.server.ports;
    const onPubAck = (published: PublishFrame, at: { stream: string; sequence: number }): void => void this.acknowledged.push(acknowledgedOf(published, at));
    for (const label of PROCESSES) this.links.set(label, await Link.before({ target: { host: '127.0.0.1', port: client }, nats: { onPubAck } }));
    this.links.set('database', await Link.before({ target: { host: '127.0.0.1', port: this.foundations.databasePort }, nats: null }));
  }

  private async processOf(label: (typeof PROCESSES)[number]): Promise<ServiceProcess> {
    const { paths } = this;
    const service = label.replace(/-2$/, '');
    const clockFile = join(paths.run, `${label}.clock`);
    await writeFile(clockFile, '0');
    const link = this.link(label);
    return new ServiceProcess({ label, service, link, environment: this.environmentOf(label, service), logFile: join(paths.run, `${label}.log`), clockFile });
  }

  private environmentOf(label: string, service: string): Readonly<Record<string, string | undefined>> {
    const { bus, databaseUrl } = this.foundations;
    const { paths, ports } = this;
    const isTwin = label !== service;
    const database = new URL(databaseUrl);
    database.port = String(this.link('database').port);
    const wiring = { natsUrl: `nats://127.0.0.1:${this.link(label).port}`, seedFile: bus.credentials.seedFile(service as 'runtime'), streams: bus.manifest.streamCount, keepFolder: paths.keep };
    return {
      ...process.env,
      NODE_OPTIONS: '',
      SOLOIST_SERVICE_WIRING: JSON.stringify(wiring),
      SOLOIST_CRASH_PLAN: this.crashPlan,
      SOLOIST_CRASH_TRACE: this.crashTrace,
      // Two post offices would empty one box, so the twin has a box of its own.
      SOLOIST_DATA_DIR: isTwin ? join(paths.folder, 'twin') : paths.folder,
      SOLOIST_KEEP_DIR: paths.keep,
      SOLOIST_SECRETS_DIR: paths.secrets,
      SOLOIST_NATS_URL: wiring.natsUrl,
      SOLOIST_STREAMS: String(wiring.streams),
      SOLOIST_POSTGRES_URL: database.href,
      SOLOIST_HTTP_HOST: '127.0.0.1',
      SOLOIST_HTTP_PORT: String(ports.http),
      SOLOIST_SMTP_HOST: '127.0.0.1',
      SOLOIST_SMTP_PORT: String(isTwin ? ports.smtp2 : ports.smtp),
      SOLOIST_OUTBOUND_SMTP_HOST: '127.0.0.1',
      SOLOIST_OUTBOUND_SMTP_PORT: String(this.mail.port),
      SOLOIST_COMPANY_DAY_LIMIT_MICROS: String(this.dayLimitMicros),
      OPENAI_API_KEY: 'chaos',
      OPENAI_BASE_URL: this.model.baseUrl,
      SOLOIST_MODEL: 'chaos-model',
      SOLOIST_MODEL_PRICES: JSON.stringify({ 'chaos-model': { inputMicrosPerMillion: MICROS_PER_MILLION.input, outputMicrosPerMillion: MICROS_PER_MILLION.output } }),
    };
  }
}

function acknowledgedOf({ headers, subject }: PublishFrame, { stream, sequence }: { stream: string; sequence: number }): Acknowledged {
  return { stream: Number(stream.replace('EVENTS-', '')), sequence, subject, commitId: headers.get('Soloist-Commit') ?? '', types: headers.get('Soloist-Types') ?? '' };
}
