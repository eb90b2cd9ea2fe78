/**
 * The operator's API token and the register of the others. The operator's clear text lies in the secrets folder, for the
 * command line; governance keeps hashes, in the keep folder.
 *
 * I1 256 random bits, made at first start; of two processes that start at once both know the same token
 * I2 removing the operator's file and starting again makes a new token, and the old one is worth nothing from then on
 * I3 the register is replaced whole and durably, and read again whenever the file is another than the one last read
 * I4 a register that cannot be read or understood is an error that names the file; nothing is written over it
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, readOrWriteOnce, replaceDurably } from '@soloist/eventlog/durable-file';
import { z } from 'zod';
import { SCOPES, type ApiTokens } from '../ports/api-tokens.port.js';
import { HashedApiTokens, hashOf, randomToken, type TokenRecord, type TokenRegister } from './hashed.api-tokens.js';

export const TOKEN_FILE = 'api-token';
export const TOKEN_HASH_FILE = 'api-token.sha256';
export const TOKEN_REGISTER_FILE = 'api-tokens.json';

const Moment = z.iso.datetime();
const Register = z.strictObject({
  schema: z.literal(1),
  tokens: z.array(z.strictObject({ name: z.string(), scopes: z.array(z.enum(SCOPES)), createdAt: Moment, expiresAt: Moment.nullable(), revokedAt: Moment.nullable(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
});

export async function openApiTokens(secretsFolder: string, keepFolder: string): Promise<ApiTokens> {
  const file = join(secretsFolder, TOKEN_FILE);
  const hashFile = join(keepFolder, TOKEN_HASH_FILE);
  for (const folder of [secretsFolder, keepFolder]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const existing = await readIfThere(file);
  const token = (existing ?? (await readOrWriteOnce(file, `${randomToken()}\n`, 0o600))).trim();
  const hash = hashOf(token);
  const kept = (await readIfThere(hashFile))?.trim();
  if (existing !== null && kept !== undefined && kept !== hash.toString('hex')) {
    throw new Error(`${file} is not the token whose hash stands in ${hashFile}. Restore it, or remove ${file} and start again to have a new token made.`);
  }
  if (kept !== hash.toString('hex')) await replaceDurably(hashFile, `${hash.toString('hex')}\n`, 0o600);
  const register = new FileRegister(join(keepFolder, TOKEN_REGISTER_FILE));
  await register.read();
  return new HashedApiTokens(hash, register);
}

class FileRegister implements TokenRegister {
  private last: { readonly mark: string; readonly records: readonly TokenRecord[] } | null = null;

  constructor(private readonly file: string) {}

  async read(): Promise<readonly TokenRecord[]> {
    const mark = await this.mark();
    if (mark === null) return [];
    if (this.last?.mark !== mark) this.last = { mark, records: this.parse(await readFile(this.file, 'utf8')) };
    return this.last.records;
  }

  async replace(records: readonly TokenRecord[]): Promise<void> {
    await replaceDurably(this.file, `${JSON.stringify({ schema: 1, tokens: records }, null, 2)}\n`, 0o600);
    this.last = null;
  }

  /** Another after each replacement: the file is a new one then. Null when there is none. */
  private async mark(): Promise<string | null> {
    try {
      const { ino, mtimeNs, size } = await stat(this.file, { bigint: true });
      return `${ino}/${mtimeNs}/${size}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  private parse(text: string): readonly TokenRecord[] {
    try {
      return Register.parse(JSON.parse(text)).tokens;
    } catch (error) {
      // The parser's words may quote the file.
      const where = error instanceof z.ZodError ? error.issues.map((issue) => issue.path.join('.')).join(', ') : 'not JSON';
      throw new Error(`${this.file} is no register of API tokens (${where}). Restore it from a backup, or remove it: every token but the operator's is worth nothing then.`);
    }
  }
}
