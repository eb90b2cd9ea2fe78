/** A runtime in a process of its own, for the recovery bench to kill. Its program buys ten answers, one after the other. */
import { genaiPriceBook } from '@soloist/catalog';
import { connectLog, openKeyTable } from '@soloist/eventlog';
import { ajvArgsCheck, defineProgram, ProgramRegistry, rehearsalModel, runtimeService } from '@soloist/runtime';
import { part, runInProcess } from '@soloist/service';

const [servers = '', seedFile = '', keepFolder = '', seller = ''] = process.argv.slice(2);
const program = defineProgram({
  name: 'recovery',
  version: '1',
  run: async (context) => {
    for (let step = 1; step <= 10; step += 1) {
      await context.step(`step-${step}`, async () => (await fetch(`${seller}/${context.runId}/${step}/${process.pid}`)).text(), { args: step });
    }
  },
});
const connection = await connectLog({ servers, seedFile, service: 'runtime', streams: 8, keys: await openKeyTable(keepFolder), name: 'bench worker' });
const ports = { model: rehearsalModel(), modelOfAlias: () => null, windowTokens: 1_000, prices: genaiPriceBook(), checkArgs: ajvArgsCheck(), pause: async () => {}, programs: new ProgramRegistry([program]) };
await runInProcess([part(runtimeService, connection, { ports, close: async () => {} })]);
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
