/**
 * Every fault this lib throws, with what the operator should do (DESIGN section 7). The test pins the table; the page
 * docs/reference/errors.md is printed from it.
 */
import { Fault, type ErrorEntry, type FaultKind } from '@soloist/kernel';

export const LOG_ERRORS = {
  'log.bad-draft': {
    kind: 'invalid',
    meaning: 'A commit breaks its contract before it was sent.',
    remedy: 'The commit breaks its contract; correct the field the message names.',
  },
  'log.too-large': {
    kind: 'invalid',
    meaning: 'A commit is larger than a message may be.',
    remedy: 'Put the payload into a blob first and let the event refer to it.',
  },
  'log.bad-message': {
    kind: 'invalid',
    meaning: 'A stored message cannot be decoded.',
    remedy: 'The stored message cannot be decoded. Read the dead letter.',
  },
  'log.newer-release': {
    kind: 'transient',
    meaning: 'A newer release wrote an event that this one does not know. It is kept and tried again.',
    remedy: 'Install the release that wrote it, or a later one; nothing is lost until then.',
  },
  'log.chain-broken': {
    kind: 'invalid',
    meaning: 'The commits of an entity do not follow each other.',
    remedy: 'The history of this entity was changed, cut or reordered. Stop, keep the store as it is, and compare it with a backup.',
  },
  'log.regressed': {
    kind: 'transient',
    meaning: 'The broker came back with a log that has lost what was seen of it. Nothing is decided from it.',
    remedy: 'Stop Soloist, keep the store as it is, and run ./soloist log verify; restore the broker from its latest backup if it is broken. A service goes on after it was started again.',
  },
  'log.stream-mismatch': {
    kind: 'invalid',
    meaning: 'A commit was stored in another stream than expected.',
    remedy: 'The configured number of event streams is not the one this installation was made with; set it to that of the manifest.',
  },
  'log.unauthorized': {
    kind: 'unauthorized',
    meaning: 'The broker refuses the credential.',
    remedy: 'Check that the seed file belongs to this service and that nats.conf was generated with it.',
  },
  'log.unreachable': {
    kind: 'transient',
    meaning: 'No broker answers.',
    remedy: 'Check that nats-server runs and that the address is right; nothing was stored.',
  },
  'log.no-right': {
    kind: 'transient',
    meaning: 'The account may not do this, or there is no such subject.',
    remedy: 'The broker knows no such subject for this account. Check the access matrix and the stream list of the manifest; nothing was stored.',
  },
  'log.full': {
    kind: 'transient',
    meaning: 'The stream or its disk is full.',
    remedy: 'The stream or its disk is full. Free space or raise max_bytes, then restart the broker; nothing was stored.',
  },
  'log.refused': {
    kind: 'transient',
    meaning: 'The broker refused the message.',
    remedy: 'The broker refused the message for the reason it gave; nothing was stored.',
  },
  'log.read-failed': {
    kind: 'transient',
    meaning: 'A read got no answer.',
    remedy: 'The broker did not answer a read in time; check its health.',
  },
  'log.outcome-unknown': {
    kind: 'unknown-outcome',
    meaning: 'Nobody knows whether the commit was stored.',
    remedy: 'The broker did not confirm and could not be read back. The same commit may be tried again: it is stored at most once.',
  },
  'log.not-carried': {
    kind: 'invalid',
    meaning: 'A commit that was carried to a service is not on the log as it was carried.',
    remedy: 'Find out who sent the command: only governance may, and it carries what it read. Run ./soloist log verify.',
  },
  'log.no-export': {
    kind: 'invalid',
    meaning: 'A file is no export of a log.',
    remedy: 'Name a file that was written by: ./soloist log export FILE. If it was, its beginning is lost or changed.',
  },
  'log.blob-missing': {
    kind: 'invalid',
    meaning: 'A part of a blob is missing.',
    remedy: 'A chunk of the blob is not in the store; restore it from the backup.',
  },
  'log.blob-tampered': {
    kind: 'invalid',
    meaning: 'A blob is not what its reference names.',
    remedy: 'The stored bytes are not those the reference names; restore them from the backup.',
  },
  'log.blob-erased': {
    kind: 'invalid',
    meaning: 'A blob belonged to an erased data subject.',
    remedy: 'The data subject of this blob was erased; its content is gone for good.',
  },
  'log.working-invalid': {
    kind: 'invalid',
    meaning: 'A key or a time of the working memory is wrong.',
    remedy: 'Give a key of lower-case tokens and a time to live of at least one second.',
  },
  'log.subject-erased': {
    kind: 'invalid',
    meaning: 'A blob was to be sealed for an erased data subject.',
    remedy: 'This data subject was erased; nothing more may be stored for it.',
  },
} as const satisfies Record<string, ErrorEntry & { readonly kind: FaultKind }>;

export type LogErrorCode = keyof typeof LOG_ERRORS;

export function logFault(code: LogErrorCode, detail: string, cause?: unknown, retryAfterMs?: number): Fault {
  const entry = LOG_ERRORS[code];
  return new Fault(entry.kind, code, `${detail}. ${entry.remedy}`, { ...(cause === undefined ? {} : { cause }), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}
