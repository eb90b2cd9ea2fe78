/** Tokens of the API, as they come in and go out. */
import { CONTEXTS } from '@soloist/contracts';
import { z } from 'zod';
import { OPERATOR, SCOPES } from '../ports/api-tokens.port.js';

/** Ten years. */
const MAX_SECONDS = 10 * 366 * 86_400;
const RESERVED: readonly string[] = [OPERATOR, ...CONTEXTS];

/** It stands as actor on the log, so it is nobody else's. */
export const TokenName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be small letters, digits and hyphens, beginning with a letter, 40 at most')
  .refine((name) => !RESERVED.includes(name), 'is the name of the operator or of a service');

const scope = z.enum(SCOPES);
const scopes = z.array(scope).min(1).max(SCOPES.length);

export const NewToken = z.strictObject({ name: TokenName, scopes, expiresInSeconds: z.int().min(1).max(MAX_SECONDS).nullable().default(null) }).meta({ id: 'NewToken' });
export type NewToken = z.output<typeof NewToken>;

export const Token = z
  .strictObject({
    name: z.string(),
    scopes: z.array(scope),
    state: z.enum(['valid', 'expired', 'revoked']),
    createdAt: z.string(),
    expiresAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
  })
  .meta({ id: 'Token' });
export type Token = z.output<typeof Token>;
export const TokenList = z.strictObject({ tokens: z.array(Token) }).meta({ id: 'TokenList' });

/** `token` is shown in this answer and never again. */
export const CreatedToken = z.strictObject({ ...Token.shape, token: z.string() }).meta({ id: 'CreatedToken' });
export type CreatedToken = z.output<typeof CreatedToken>;
