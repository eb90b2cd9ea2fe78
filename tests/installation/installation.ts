/**
 * A real installation for scenario and chaos tests: `./soloist up` in a folder of its own, spoken to as an operator
 * does, by SMTP, by the command line and by the HTTP API. Nothing here reaches into a service.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import nodemailer from 'nodemailer';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a running host says about itself, run/host.json. */
export interface HostFile {
  readonly pid: number;
  readonly api: string;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly bus: { readonly pid: number; readonly url: string };
  readonly database: { readonly pid: number; readonly address: string };
  readonly services: readonly { readonly name: string; readonly pid: number }[];
}

export interface GateCard {
  readonly gateId: string;
  readonly runId: string;
  readonly kind: string;
  readonly state: string;
  readonly digest: string;
}

export class Installation {
  private constructor(
    readonly dataDir: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(options: { split?: boolean; env?: Readonly<Record<string, string>> } = {}): Promise<Installation> {
    const dataDir = await mkdtemp(join(tmpdir(), 'soloist-installation-'));
    const installation = new Installation(dataDir, options.env ?? {});
    await installation.up(options.split ?? false);
    return installation;
  }

  /** One that lies in this folder already, or will. */
  static at(dataDir: string, env: Readonly<Record<string, string>> = {}): Installation {
    return new Installation(dataDir, env);
  }

  async up(split: boolean): Promise<void> {
    const result = await this.cli(['up', '--detach', '--json', ...(split ? ['--split'] : [])]);
    if (result.code !== 0) throw new Error(`up failed with ${result.code}:\n${result.stdout}\n${result.stderr}`);
  }

  /** Runs `./soloist …` against this installation. */
  cli(args: readonly string[], timeoutMs = 150_000): Promise<CliResult> {
    const env = { ...process.env, ...this.env, SOLOIST_DATA_DIR: this.dataDir, NO_COLOR: '1' };
    return new Promise((resolve) => {
      execFile(join(ROOT, 'soloist'), [...args], { env, timeout: timeoutMs, maxBuffer: 32 * 1024 * 1024 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr });
      });
    });
  }

  async host(): Promise<HostFile> {
    return JSON.parse(await readFile(join(this.dataDir, 'run', 'host.json'), 'utf8')) as HostFile;
  }

  /** One call of the governance API, with the operator's token unless told otherwise. */
  async api(path: string, init: { method?: string; body?: unknown; token?: string } = {}): Promise<{ status: number; body: unknown }> {
    const { api } = await this.host();
    const token = init.token ?? (await readFile(join(this.dataDir, 'secrets', 'api-token'), 'utf8')).trim();
    const response = await fetch(`${api}${path}`, {
      method: init.method ?? 'GET',
      headers: { authorization: `Bearer ${token}`, ...(init.body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(init.body === undefined ? {} : { body: JSON.stringify(init.body) }),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  }

  /** Hands a mail to the intake by SMTP and, like any mail server, tries again while the door is shut. Answers its Message-ID. */
  async mail(mail: { subject: string; text: string; from?: string; messageId?: string }): Promise<string> {
    const messageId = mail.messageId ?? `<${randomUUID()}@client.example>`;
    await eventually(`the intake of ${messageId}`, async () => {
      const { smtp } = await this.host();
      const transport = nodemailer.createTransport({ host: smtp.host, port: smtp.port, secure: false, ignoreTLS: true });
      try {
        return await transport.sendMail({ from: mail.from ?? 'Ada Client <ada@client.example>', to: 'operator@soloist.example', ...mail, messageId });
      } finally {
        transport.close();
      }
    });
    return messageId;
  }

  /**
   * What really went out: the messages in the outside world's box, soft line breaks of quoted-printable undone. The
   * truth that no service can talk away.
   */
  async outside(): Promise<readonly string[]> {
    const folder = join(this.dataDir, 'mailbox', 'outside', 'new');
    const names = await readdir(folder).catch(() => [] as string[]);
    return Promise.all(names.map(async (name) => (await readFile(join(folder, name), 'utf8')).replace(/=\r?\n/g, '')));
  }

  async gates(): Promise<readonly GateCard[]> {
    const { body } = await this.api('/v1/gates?state=open');
    return (body as { gates: GateCard[] }).gates;
  }

  async run(runId: string): Promise<{ state: string; outcome: string | null }> {
    const { body } = await this.api(`/v1/runs/${runId}`);
    return body as { state: string; outcome: string | null };
  }

  decide(gate: GateCard, decision: 'approve' | 'reject'): Promise<{ status: number; body: unknown }> {
    return this.api(`/v1/gates/${gate.gateId}/decision`, { method: 'POST', body: { decision, digest: gate.digest, surface: 'api' } });
  }

  async stop(): Promise<void> {
    const result = await this.cli(['down']);
    if (result.code !== 0) throw new Error(`down failed with ${result.code}:\n${result.stderr}`);
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

/** Polls a condition until it answers something, with a deadline that says what was waited for. */
export async function eventually<T>(what: string, probe: () => Promise<T | null | undefined | false>, deadlineMs = 90_000): Promise<T> {
  const ends = Date.now() + deadlineMs;
  let last: unknown = null;
  while (Date.now() < ends) {
    try {
      const answer = await probe();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited ${deadlineMs} ms for ${what}; last answer: ${String(last)}`);
}
