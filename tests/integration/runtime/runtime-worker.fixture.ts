/** One process of the runtime on a real broker, for tests that kill it. Says `ready` once it takes deliveries. */
import { connectLog, openKeyTable } from '@soloist/eventlog';
import { openPorts, RuntimeConfig, runtimeService } from '@soloist/runtime';
import { part, runInProcess } from '@soloist/service';

const [url = '', seedFile = '', keepFolder = ''] = process.argv.slice(2);
const connection = await connectLog({ servers: url, seedFile, service: 'runtime', streams: 1, keys: await openKeyTable(keepFolder), name: 'test runtime' });
const ports = openPorts(RuntimeConfig.parse(process.env));
const silence = process.env['TEST_SILENCE_MS'];
await runInProcess([part(runtimeService, connection, { ports, close: async () => {} })], silence === undefined ? {} : { silenceMs: Number(silence) });
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
