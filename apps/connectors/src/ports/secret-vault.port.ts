/** Secrets of connectors. They never reach an agent, an event, a log line or an error message. */
export interface SecretVault {
  /** Null when there is none of this name. @throws Fault unauthorized when the vault cannot be opened */
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<boolean>;
  /** Names only, sorted. */
  names(): Promise<readonly string[]>;
  /** Puts every secret under a fresh key; the values stay, the old key opens nothing any more. */
  rotateKey(): Promise<void>;
}
