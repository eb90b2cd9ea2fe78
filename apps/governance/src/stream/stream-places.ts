/**
 * How many streams may be open at once.
 *
 * I1 a token has its own few, and all tokens but the operator's together have a part: what they hold takes nothing of the
 *    operator's
 */
import { OPERATOR, type Caller } from '../ports/api-tokens.port.js';

export interface PlaceLimits {
  readonly token: number;
  /** Of all tokens but the operator's together. */
  readonly tokens: number;
  readonly operator: number;
}

export const PLACES: PlaceLimits = { token: 4, tokens: 32, operator: 16 };

export class StreamPlaces {
  private readonly held = new Map<string, number>();

  constructor(private readonly limits: PlaceLimits = PLACES) {}

  /** `own`: the caller's own are taken · `all`: those of all tokens are. */
  take({ name, isOperator }: Caller): 'taken' | 'own' | 'all' {
    const own = this.held.get(name) ?? 0;
    if (own >= (isOperator ? this.limits.operator : this.limits.token)) return 'own';
    const others = [...this.held].reduce((sum, [holder, count]) => (holder === OPERATOR ? sum : sum + count), 0);
    if (!isOperator && others >= this.limits.tokens) return 'all';
    this.held.set(name, own + 1);
    return 'taken';
  }

  give({ name }: Caller): void {
    const left = (this.held.get(name) ?? 0) - 1;
    if (left > 0) this.held.set(name, left);
    else this.held.delete(name);
  }
}
