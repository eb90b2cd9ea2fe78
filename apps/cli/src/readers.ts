/**
 * Who reads what is written may stop reading (`| head`), and what is written may have no room (`> file` on a full disk).
 *
 * I1 a reader that has gone is no failure: what is left to say is dropped, what is left to do is done
 * I2 words that were lost for any other reason make the command fail, whatever it did
 */
import { EXIT } from './exit-codes.js';
import { Failure } from './failure.js';

export function outliveReaders(): void {
  let isSaid = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isSaid || isGone(error)) return;
    isSaid = true;
    const { code, message, next } = new Failure('cli.output-lost', `standard output took no more: ${error.message}`, 'make room where it goes, and ask again');
    process.stderr.write(`error ${code}: ${message}\n  next: ${next}\n`);
    process.on('exit', () => {
      process.exitCode = EXIT.failed;
    });
  });
  // Where an error of this stream would be told is this stream.
  process.stderr.on('error', () => undefined);
}

const isGone = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_DESTROYED';
