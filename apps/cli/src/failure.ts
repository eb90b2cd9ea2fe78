/** Every failure the command line shows: a stable code, what happened, and one thing to do next. */
import { EXIT } from './exit-codes.js';

export class Failure extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly next: string,
    readonly exitCode: number = EXIT.failed,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'Failure';
  }
}

interface Explained {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly exitCode: number;
}

/** Faults of the host and of the libs carry their own words; anything else is a defect and says so. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const known = error as Partial<Explained> & Error;
  if (typeof known.code === 'string' && typeof known.next === 'string') {
    return new Failure(known.code, known.message, known.next, known.exitCode ?? EXIT.failed, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('cli.unexpected', message, './soloist doctor', EXIT.failed, { cause: error });
}
