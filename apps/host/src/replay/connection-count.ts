/** Counts the connections that Node opens, whoever in this process opens them and by whatever library. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Node's built-in channel: one message for each client socket, TCP and Unix alike. */
const CLIENT_SOCKETS = 'net.client.socket';

export async function countingConnections<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly opened: number }> {
  let opened = 0;
  const count = (): void => void (opened += 1);
  subscribe(CLIENT_SOCKETS, count);
  try {
    const result = await work();
    return { result, opened };
  } finally {
    unsubscribe(CLIENT_SOCKETS, count);
  }
}
