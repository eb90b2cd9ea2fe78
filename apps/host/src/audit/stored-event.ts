/** Events as they lie in a stored commit: nothing is opened, nothing lifted to a newer version. */
import type { StoredMessage } from '@soloist/eventlog';

export interface StoredEvent {
  readonly type: string;
  readonly index: number;
  readonly data: Readonly<Record<string, unknown>>;
}

type Message = Pick<StoredMessage, 'headers'> & { readonly body: Uint8Array | string };

export function stored({ headers }: Pick<StoredMessage, 'headers'>, name: string): string | null {
  return headers.find(([key]) => key === name)?.[1] ?? null;
}

/** Empty when the body is not what its headers say: `log verify` tells of it. */
export function eventsIn(message: Message): readonly StoredEvent[] {
  const types = (stored(message, 'Soloist-Types') ?? '').split(',').map((type) => type.replace(/\.v[0-9]+$/, ''));
  const body = bodyIn(message.body);
  if (body.length !== types.length) return [];
  return types.map((type, index) => ({ type, index, data: typeof body[index] === 'object' && body[index] !== null ? (body[index] as Readonly<Record<string, unknown>>) : {} }));
}

function bodyIn(body: Uint8Array | string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString('utf8'));
    return Array.isArray(parsed) ? (parsed as readonly unknown[]) : [];
  } catch {
    return [];
  }
}
