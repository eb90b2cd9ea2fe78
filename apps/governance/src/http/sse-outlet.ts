/** Server-sent events (WHATWG HTML) as the answer to a request. */
import type { Response } from 'express';
import type { Outlet } from '../stream/follower.js';

/** How long the last words may take on a connection that takes nothing. */
const LAST_WORDS_MS = 1_000;

export function sseOutlet(response: Response): Outlet {
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream');
  // Proxies must pass on each event as it comes, and nobody may use the connection for anything else afterwards.
  response.setHeader('X-Accel-Buffering', 'no');
  response.setHeader('Connection', 'close');
  response.flushHeaders();
  let onRoom: (() => void) | null = null;
  response.on('drain', () => onRoom?.());
  return {
    write: (text) => response.write(text),
    drained: () => new Promise((resolve) => (response.writableNeedDrain ? (onRoom = resolve) : resolve())),
    end: (text) => {
      response.end(text);
      setTimeout(() => response.destroy(), LAST_WORDS_MS).unref();
    },
  };
}
