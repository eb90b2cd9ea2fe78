/** What a service process tells the host over the channel between them. */
export type ServiceMessage =
  | { readonly type: 'ready'; readonly pid: number }
  | { readonly type: 'failed'; readonly because: string };

export function isServiceMessage(value: unknown): value is ServiceMessage {
  const type = (value as { type?: unknown } | null)?.type;
  return type === 'ready' || type === 'failed';
}

/** The variable that carries the wiring, as JSON; it names files of secrets, never the secrets. */
export const WIRING_VARIABLE = 'SOLOIST_SERVICE_WIRING';
