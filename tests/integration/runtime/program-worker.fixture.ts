/** One process of the runtime with a program, on a real broker, for tests that kill it. Each step notes its call in a file. */
import { appendFileSync } from 'node:fs';
import { connectLog, openKeyTable } from '@soloist/eventlog';
import { defineProgram, openPorts, ProgramRegistry, RuntimeConfig, runtimeService, type ProgramContext } from '@soloist/runtime';
import { part, runInProcess } from '@soloist/service';

const [url = '', seedFile = '', keepFolder = '', notes = ''] = process.argv.slice(2);
const noted = (context: ProgramContext, name: string) =>
  context.step(name, ({ attempt }) => {
    appendFileSync(notes, `${context.runId} ${name}\n`);
    return `${name} in attempt ${attempt > 0}`;
  });

const program = defineProgram({
  name: 'kill',
  version: '1',
  run: async (context) => {
    await noted(context, 'one');
    await context.all([(branch) => noted(branch, 'two'), (branch) => noted(branch, 'three')]);
    await context.sleep(50);
    await noted(context, 'four');
    return 'over';
  },
});

const connection = await connectLog({ servers: url, seedFile, service: 'runtime', streams: 1, keys: await openKeyTable(keepFolder), name: 'test runtime' });
const ports = { ...openPorts(RuntimeConfig.parse({})), programs: new ProgramRegistry([program]) };
await runInProcess([part(runtimeService, connection, { ports, close: async () => {} })]);
process.on('disconnect', () => process.exit(0));
