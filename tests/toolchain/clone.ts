/**
 * A pretended fresh clone (its path holds spaces) on a pretended machine: a PATH with the basic tools only, an npm that
 * lays a Node and says what it did, and broker binaries that answer with a version. The setup scripts are the real ones.
 */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

const source = resolve(import.meta.dirname, '../..');
const BASIC_TOOLS = ['sh', 'cat', 'cksum', 'chmod', 'date', 'dirname', 'find', 'grep', 'head', 'ls', 'mkdir', 'mv', 'readlink', 'rm', 'sed', 'sleep', 'tail', 'uname', 'awk', 'kill'];

export type Outcome = { readonly code: number | null; readonly out: string; readonly err: string };

function writeProgram(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

const whereIs = (tool: string): string | undefined =>
  (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, tool)).find((file) => existsSync(file));

export class Clone {
  readonly machine = realpathSync(mkdtempSync(join(tmpdir(), 'soloist-setup-')));
  readonly root = join(this.machine, 'a clone with spaces');
  readonly bin = join(this.machine, 'bin');
  readonly npmCalls = join(this.machine, 'npm calls');

  constructor() {
    for (const name of ['soloist', 'tools/setup']) cpSync(join(source, name), join(this.root, name), { recursive: true });
    this.write('tools/register.mjs', '');
    this.write('tools/test.mjs', `console.log(JSON.stringify({ test: process.argv.slice(2), nats: process.env.SOLOIST_NATS_BIN }));`);
    this.write('apps/cli/src/main.ts', `console.log(JSON.stringify({ args: process.argv.slice(2), nats: process.env.SOLOIST_NATS_BIN ?? null, cwd: process.cwd() }));`);
    this.write('package-lock.json', '{ "lockfileVersion": 3 }');
    mkdirSync(this.bin, { recursive: true });
    for (const tool of BASIC_TOOLS) {
      const file = whereIs(tool);
      if (file !== undefined) symlinkSync(file, join(this.bin, tool));
    }
    this.program('node', `exec "${process.execPath}" "$@"`);
    this.npm('');
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true });
    writeFileSync(join(this.root, file), text);
  }

  program(name: string, text: string): void {
    writeProgram(join(this.bin, name), text);
  }

  /** An npm that lays half of the packages, does `trouble`, and then the rest. */
  npm(trouble: string): void {
    const lay = `rm -rf node_modules; mkdir -p node_modules/.bin; printf '#!/bin/sh\\nexec "${process.execPath}" "$@"\\n' > node_modules/.bin/node; chmod 755 node_modules/.bin/node`;
    this.program('npm', `echo "$*" >> "${this.npmCalls}"\n${lay}\n${trouble}\necho '{}' > node_modules/.package-lock.json`);
  }

  broker(file: string, version: string): string {
    writeProgram(file, `echo "$0 $*" >> "${this.machine}/broker calls"; echo "nats-server: v${version}"`);
    return file;
  }

  get npmRuns(): number {
    return existsSync(this.npmCalls) ? readFileSync(this.npmCalls, 'utf8').trim().split('\n').length : 0;
  }

  /** Runs ./soloist from another folder. The environment is only what is named here. */
  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const child = spawn(join(this.root, 'soloist'), args, {
      cwd: this.machine,
      env: { PATH: this.bin, HOME: join(this.machine, 'home'), SOLOIST_NATS_RELEASES: 'http://127.0.0.1:9', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    child.stderr.on('data', (chunk) => (err += String(chunk)));
    return new Promise((done) => child.on('close', (code) => done({ code, out, err })));
  }

  remove(): void {
    rmSync(this.machine, { recursive: true, force: true });
  }
}
