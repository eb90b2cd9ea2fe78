/** Who may use the API. */
export interface ApiTokens {
  /** In constant time; the token itself is never kept. */
  isValid(token: string): boolean;
}
