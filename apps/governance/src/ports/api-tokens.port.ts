/**
 * Who may use the API, and for what.
 *
 * I1 a scope is granted by name; none implies another
 * I2 the operator has every scope and alone is the owner: no token can make tokens, or links that decide in the operator's name
 * I3 a name is used once: what the log says about it stays true after the token is revoked
 */

/**
 * read: look at everything · decide: gates and budget asks · operate: runs, dead letters, the company stop ·
 * admin: the rules themselves (policy, budget lines, corrections)
 */
export const SCOPES = ['read', 'decide', 'operate', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** The name under which the operator's own token, and the approval page, act. */
export const OPERATOR = 'operator';

/** Who sent a request. The name is what the log keeps as actor. */
export interface Caller {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly isOperator: boolean;
}

export type Authentication = { readonly outcome: 'caller'; readonly caller: Caller } | { readonly outcome: 'unknown' | 'expired' | 'revoked' };

/** Moments are RFC 3339, UTC. */
export interface TokenEntry {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

export interface TokenWish {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: string | null;
}

export type TokenCreation = { readonly outcome: 'created'; readonly entry: TokenEntry; readonly token: string } | { readonly outcome: 'taken' } | { readonly outcome: 'full' };

export interface ApiTokens {
  /** In constant time; the token itself is never kept. `now` decides about expiry. */
  authenticate(token: string, now: string): Promise<Authentication>;
  /** In the order of their making, revoked and expired ones too. */
  list(): Promise<readonly TokenEntry[]>;
  /** The clear token is in this answer and nowhere else. */
  create(wish: TokenWish, now: string): Promise<TokenCreation>;
  /** Null when there is no such token; a revoked one stays as it is. */
  revoke(name: string, now: string): Promise<TokenEntry | null>;
}
