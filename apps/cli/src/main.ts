/** Entry of the command line. What needs no parsing is answered before anything is loaded. */
import { outliveReaders } from './readers.js';
import { soloistVersion } from './version.js';

outliveReaders();
const words = process.argv.slice(2);
const asksVersion = words.length === 1 && ['--version', '-V'].includes(words[0] ?? '');

if (asksVersion) process.stdout.write(`${soloistVersion()}\n`);
else await (await import('./program.js')).runProgram(words);
