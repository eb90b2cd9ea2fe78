/** The operator's box as the place where mail waits to be put on the log. */
import { watch } from 'node:fs';
import type { MailArrivals } from '../../ports/connectors.ports.js';
import type { Maildir } from './maildir.js';

/** Watching may miss things (some file systems tell nothing), so the box is looked into this often in any case. */
const RESCAN_MS = 3_000;

export function maildirArrivals(maildir: Maildir): MailArrivals {
  return {
    via: 'sandbox:operator',
    waiting: () => maildir.list('operator', 'new'),
    read: async (file) => {
      const bytes = await maildir.read('operator', 'new', file);
      return bytes === null ? null : { file, bytes };
    },
    settle: async (file, as) => void (await maildir.move('operator', file, 'new', as === 'received' ? 'cur' : 'refused')),
    watch: async (onArrival) => {
      const watcher = watch(maildir.folder('operator', 'new'), () => onArrival());
      // When watching fails, looking goes on.
      watcher.on('error', () => watcher.close());
      const rescan = setInterval(onArrival, RESCAN_MS);
      return {
        stop: async () => {
          clearInterval(rescan);
          watcher.close();
        },
      };
    },
  };
}
