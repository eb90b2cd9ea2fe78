/** What both key tables refuse, in the same words. */
import { DataSubject } from '@soloist/contracts';
import { Fault, isFault } from '@soloist/kernel';

/** @throws Fault invalid */
export function requireSubject(dataSubject: string): string {
  if (DataSubject.safeParse(dataSubject).success) return dataSubject;
  throw new Fault('invalid', 'subject-invalid', 'A data subject is 1 to 64 lower-case letters, digits or -.');
}

export function keyMissing(dataSubject: string): Fault {
  const text = `The keep has no key for data subject ${dataSubject}, though something is sealed for it and nobody erased it. It is held.`;
  return new Fault('transient', 'keep.key-missing', `${text} Restore the newest backup of the keep; if the key is lost for good, erase the data subject.`);
}

export function keepUnreadable(reason: string): Fault {
  return new Fault('transient', 'keep.unreadable', `The key table of the keep cannot be used now: ${reason}. Check that its volume is mounted, writable, not full and owned by this user.`);
}

/** Runs what touches the keep's files. What the system refuses is the world's, and passes: no defect, nothing to bury. */
export async function inKeep<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isFault(error) || !isSystemError(error)) throw error;
    // Its message and cause name paths of the keep, which are nobody else's business.
    throw keepUnreadable(`${error.syscall ?? 'a call'} answered ${error.code}`);
  }
}

/** For what may be absent: null where nothing lies there; any other answer of the system is thrown on. */
export function orNull(error: unknown): null {
  if (isSystemError(error) && error.code === 'ENOENT') return null;
  throw error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).errno === 'number' && typeof (error as NodeJS.ErrnoException).code === 'string';
}
