/** One service in a process of its own: `node service.main.ts <name>`, started by the host. */
import { serveOne } from './services/serve-one.js';

await serveOne(process.argv[2] ?? '');
