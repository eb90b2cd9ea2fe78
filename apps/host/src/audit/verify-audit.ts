/**
 * `soloist audit verify`: runs the verifier that packages carry, as its own process with an empty environment. It is this
 * installation's copy of it: a program that lies in somebody's package is not run; when it is another one, that is found.
 */
import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HostError } from '../host-error.js';

/** The very file that every package carries as verify.mjs. */
export const AUDIT_VERIFIER = fileURLToPath(new URL('../../../../tools/verify-audit.mjs', import.meta.url));

export interface AuditVerdict {
  readonly isWhole: boolean;
  /** What the verifier said, line by line. */
  readonly lines: readonly string[];
}

/** @throws HostError log.file-unusable */
export async function verifyAudit(path: string, { keyFile, isJson }: { readonly keyFile: string | null; readonly isJson: boolean }): Promise<AuditVerdict> {
  for (const file of [path, ...(keyFile === null ? [] : [keyFile])]) {
    if (!(await stat(file).then(() => true, () => false))) throw unusable(`${file} is not there or may not be read`);
  }
  const words = [resolve(path), ...(keyFile === null ? [] : ['--key', resolve(keyFile)]), ...(isJson ? ['--json'] : [])];
  const child = spawn(process.execPath, [AUDIT_VERIFIER, ...words], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString('utf8')));
  const code = await new Promise<number | null>((done, failed) => child.on('error', failed).on('close', done));
  if (code !== 0 && code !== 1) throw unusable(said.err.split('\n')[0] ?? `${path} cannot be checked`);
  return { isWhole: code === 0, lines: said.out.split('\n').slice(0, -1) };
}

function unusable(message: string): HostError {
  return new HostError('log.file-unusable', message, 'name a package that was written by: ./soloist audit export --out FOLDER', { exitCode: 3 });
}
