/**
 * A data folder that looks as if a host ran on it, with an API that answers what a test wants: for what the command
 * line does with answers, without starting anything. The host is this test process.
 */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const TOKEN = 'a-token-that-must-never-be-shown';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}
export interface Answer {
  readonly status?: number;
  readonly body: unknown;
}
export interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class FakeInstance {
  readonly asked: Asked[] = [];
  answers: Readonly<Record<string, Answer>> = {};

  private constructor(
    readonly folder: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<FakeInstance> {
    const folder = await mkdtemp(join(tmpdir(), 'soloist-cli-'));
    const server = createServer((request, response) => {
      void instance.answer(request).then(({ status = 200, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
      });
    });
    const instance = new FakeInstance(folder, server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    await instance.pretend();
    return instance;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs the command line as its own process, as an operator would. */
  cli(words: readonly string[], options: { input?: string; env?: Readonly<Record<string, string>> } = {}): Promise<Told> {
    return runCli(words, { ...options, env: { SOLOIST_DATA_DIR: this.folder, ...options.env } });
  }

  private async pretend(): Promise<void> {
    const { port } = this.server.address() as { port: number };
    await mkdir(join(this.folder, 'run'), { recursive: true });
    await mkdir(join(this.folder, 'secrets'), { mode: 0o700 });
    await writeFile(join(this.folder, 'secrets', 'api-token'), `${TOKEN}\n`, { mode: 0o600 });
    const stat = readFileSync(`/proc/${process.pid}/stat`, 'utf8');
    const birth = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    await writeFile(join(this.folder, 'lock.1'), JSON.stringify({ pid: process.pid, birth }));
    const host = { schema: 1, version: '0', pid: process.pid, startedAt: '', dataDir: this.folder, mode: 'single', isReady: true, api: `http://127.0.0.1:${port}`, smtp: null, bus: null, database: null, services: [] };
    await writeFile(join(this.folder, 'run', 'host.json'), JSON.stringify(host));
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { method = '', url = '', headers } = request;
    this.asked.push({ method, path: url, authorization: headers.authorization, body: text === '' ? null : (JSON.parse(text) as unknown) });
    return this.answers[`${method} ${url}`] ?? { status: 404, body: { error: { code: 'route.unknown', message: `no route ${method} ${url}`, next: 'none' } } };
  }
}

export function runCli(words: readonly string[], options: { input?: string; env?: Readonly<Record<string, string>> } = {}): Promise<Told> {
  const { NO_COLOR: _none, FORCE_COLOR: _force, ...environment } = process.env;
  const flags = ['--conditions=@soloist/source', '--import', join(ROOT, 'tools/register.mjs'), join(ROOT, 'apps/cli/src/main.ts')];
  const child = spawn(process.execPath, [...flags, ...words], { cwd: ROOT, env: { ...environment, ...options.env } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.end(options.input ?? '');
  return new Promise((told, failed) => {
    child.once('error', failed);
    child.once('close', (code) => told({ code: code ?? -1, stdout, stderr }));
  });
}
