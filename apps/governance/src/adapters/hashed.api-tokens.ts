/**
 * Tokens as hashes: the operator's, and those that the operator made.
 *
 * I1 256 random bits a token; what is kept is its SHA-256, and no file or error holds the clear text
 * I2 a token is compared with every hash, each in constant time, whichever fits
 * I3 what is revoked or over is refused from the next request on; who cannot read the register lets nobody but the operator in
 * I4 changes take turns and are durable before they are answered
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { inTurn } from '../decisions/ledger-turn.js';
import { OPERATOR, SCOPES, type ApiTokens, type Authentication, type TokenCreation, type TokenEntry, type TokenWish } from '../ports/api-tokens.port.js';

const TOKEN_BYTES = 32;
/** Revoked ones count: their names stay taken. */
const MAX_TOKENS = 500;

export interface TokenRecord extends TokenEntry {
  /** Of the clear token, in hexadecimal digits. */
  readonly sha256: string;
}

/** Where the records lie. */
export interface TokenRegister {
  read(): Promise<readonly TokenRecord[]>;
  replace(records: readonly TokenRecord[]): Promise<void>;
}

export class HashedApiTokens implements ApiTokens {
  constructor(
    private readonly operatorHash: Buffer,
    private readonly register: TokenRegister,
  ) {}

  async authenticate(token: string, now: string): Promise<Authentication> {
    const hash = hashOf(token);
    if (timingSafeEqual(hash, this.operatorHash)) return { outcome: 'caller', caller: { name: OPERATOR, scopes: SCOPES, isOperator: true } };
    let found: TokenRecord | null = null;
    for (const record of await this.register.read()) if (timingSafeEqual(hash, Buffer.from(record.sha256, 'hex'))) found = record;
    if (found === null) return { outcome: 'unknown' };
    if (found.revokedAt !== null) return { outcome: 'revoked' };
    if (found.expiresAt !== null && Date.parse(found.expiresAt) <= Date.parse(now)) return { outcome: 'expired' };
    return { outcome: 'caller', caller: { name: found.name, scopes: found.scopes, isOperator: false } };
  }

  async list(): Promise<readonly TokenEntry[]> {
    return (await this.register.read()).map(entryOf);
  }

  create({ name, scopes, expiresAt }: TokenWish, now: string): Promise<TokenCreation> {
    return inTurn(this, async () => {
      const records = await this.register.read();
      if (name === OPERATOR || records.some((record) => record.name === name)) return { outcome: 'taken' };
      if (records.length >= MAX_TOKENS) return { outcome: 'full' };
      const token = randomToken();
      const record: TokenRecord = { name, scopes: SCOPES.filter((scope) => scopes.includes(scope)), createdAt: now, expiresAt, revokedAt: null, sha256: hashOf(token).toString('hex') };
      await this.register.replace([...records, record]);
      return { outcome: 'created', entry: entryOf(record), token };
    });
  }

  revoke(name: string, now: string): Promise<TokenEntry | null> {
    return inTurn(this, async () => {
      const records = await this.register.read();
      const found = records.find((record) => record.name === name);
      if (found === undefined) return null;
      if (found.revokedAt !== null) return entryOf(found);
      const revoked = { ...found, revokedAt: now };
      await this.register.replace(records.map((record) => (record === found ? revoked : record)));
      return entryOf(revoked);
    });
  }
}

/** For rehearsal, simulation and tests. */
export function memoryRegister(): TokenRegister {
  let kept: readonly TokenRecord[] = [];
  return { read: () => Promise.resolve(kept), replace: (records) => Promise.resolve(void (kept = records)) };
}

export function randomToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

export function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function entryOf({ name, scopes, createdAt, expiresAt, revokedAt }: TokenRecord): TokenEntry {
  return { name, scopes, createdAt, expiresAt, revokedAt };
}
