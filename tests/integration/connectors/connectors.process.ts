/** The connectors in a process of their own, under their own broker account, for tests that kill it. */
import type { StreamCount } from '@soloist/contracts';
import { connectorsService } from '@soloist/connectors';
import { connectLog, openKeyTable } from '@soloist/eventlog';
import { startService } from '@soloist/service';

const { TEST_NATS_URL: servers = '', TEST_SEED_FILE: seedFile = '', TEST_KEEP: keep = '', TEST_STREAMS: streams = '' } = process.env;
const keys = await openKeyTable(keep);
const connection = await connectLog({ servers, seedFile, service: 'connectors', streams: Number(streams) as StreamCount, keys, name: 'test connectors' });
const started = await startService(connectorsService, process.env, connection);
process.send?.('ready');
process.once('disconnect', () => {
  void started.stop().then(() => process.exit(0));
});
