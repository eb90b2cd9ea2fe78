/**
 * The operator's API token. The clear text lies in the secrets folder, for the command line; governance keeps the hash.
 *
 * I1 256 random bits, made at first start; of two processes that start at once both know the same token
 * I2 compared in constant time, as hashes of equal length
 * I3 removing the token's file and starting again makes a new one, and the old one is worth nothing from then on
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, readOrWriteOnce, replaceDurably } from '@soloist/eventlog/durable-file';
import type { ApiTokens } from '../ports/api-tokens.port.js';

export const TOKEN_FILE = 'api-token';
export const TOKEN_HASH_FILE = 'api-token.sha256';
const TOKEN_BYTES = 32;

export async function openApiTokens(secretsFolder: string, keepFolder: string): Promise<ApiTokens> {
  const file = join(secretsFolder, TOKEN_FILE);
  const hashFile = join(keepFolder, TOKEN_HASH_FILE);
  for (const folder of [secretsFolder, keepFolder]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const existing = await readIfThere(file);
  const token = (existing ?? (await readOrWriteOnce(file, `${randomBytes(TOKEN_BYTES).toString('base64url')}\n`, 0o600))).trim();
  const hash = hashOf(token);
  const kept = (await readIfThere(hashFile))?.trim();
  if (existing !== null && kept !== undefined && kept !== hash.toString('hex')) {
    throw new Error(`${file} is not the token whose hash stands in ${hashFile}. Restore it, or remove ${file} and start again to have a new token made.`);
  }
  if (kept !== hash.toString('hex')) await replaceDurably(hashFile, `${hash.toString('hex')}\n`, 0o600);
  return tokensOf(hash);
}

export function tokensOf(hash: Buffer): ApiTokens {
  return { isValid: (token) => timingSafeEqual(hashOf(token), hash) };
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
