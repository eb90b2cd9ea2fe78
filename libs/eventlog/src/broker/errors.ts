/** What the set-up of the broker and the keep refuses. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const BROKER_ERRORS = {
  'stream-truncated': {
    kind: 'invalid',
    meaning: 'A stream ends before what the keep has on record: acknowledged commits are lost. Nothing was changed.',
    remedy: 'Stop, keep a copy of the store folder, and restore the broker from its latest backup (./soloist restore).',
  },
  'stream-altered': {
    kind: 'invalid',
    meaning: 'A stream holds another message than the keep has on record. Nothing was changed.',
    remedy: 'Stop, keep a copy of the store folder, and restore the broker from its latest backup (./soloist restore).',
  },
  'stream-missing': {
    kind: 'invalid',
    meaning: 'Streams that must exist are missing. Nothing was created.',
    remedy: 'Check that the broker uses the right folder, or restore it from its latest backup.',
  },
  'stream-setting-changed': {
    kind: 'invalid',
    meaning: 'A setting of a stream is not ours.',
    remedy: 'Find out who used the ops credentials, set it back with them, and start again.',
  },
  'stream-count-changed': {
    kind: 'invalid',
    meaning: 'The configuration asks for another number of streams than the installation has.',
    remedy: 'Set it back; changing it is an offline migration.',
  },
  'consumer-setting-changed': {
    kind: 'invalid',
    meaning: 'A consumer differs and cannot be corrected.',
    remedy: 'Delete it with the ops credentials and start again; it is then made anew.',
  },
  'keep-missing': {
    kind: 'invalid',
    meaning: 'The broker holds streams that the keep does not know. Nothing was changed.',
    remedy: 'Restore the keep from its backup; without it nothing can tell a whole log from a cut one.',
  },
  'keep-unreadable': {
    kind: 'invalid',
    meaning: 'The record of streams in the keep cannot be read.',
    remedy: 'Fix its owner and mode, or restore the keep from a backup.',
  },
  'broker-unhealthy': {
    kind: 'transient',
    meaning: 'The broker is not healthy. Nothing was created.',
    remedy: 'Wait for its recovery; if it stays so, read its log and restore the store from a backup.',
  },
  'broker-binary-missing': {
    kind: 'invalid',
    meaning: 'nats-server was not found.',
    remedy: 'Run ./soloist once, which fetches it, or set SOLOIST_NATS_BIN.',
  },
  'broker-not-runnable': {
    kind: 'invalid',
    meaning: 'nats-server cannot be run.',
    remedy: 'Install the version the message names, or set SOLOIST_NATS_BIN.',
  },
  'broker-version-unknown': {
    kind: 'invalid',
    meaning: 'What answers is no nats-server of a known version.',
    remedy: 'Install the version the message names.',
  },
  'broker-too-old': {
    kind: 'invalid',
    meaning: 'nats-server is too old.',
    remedy: 'Install the version the message names.',
  },
  'broker-not-started': {
    kind: 'transient',
    meaning: 'nats-server did not start. Nothing was changed.',
    remedy: 'Read its log; if the store is damaged restore it from a backup.',
  },
  'broker-not-stopped': {
    kind: 'transient',
    meaning: 'nats-server does not end.',
    remedy: 'Look at its log, then end it as the message says.',
  },
  'broker-start-in-progress': {
    kind: 'transient',
    meaning: 'Another start is going on in the folder.',
    remedy: 'Wait for it, or delete the lock the message names if there is none.',
  },
  'no-free-port': {
    kind: 'transient',
    meaning: 'No ports are free in the range.',
    remedy: 'Stop what uses them, or choose another range.',
  },
  'seed-missing': {
    kind: 'unauthorized',
    meaning: 'The credential of a service is missing.',
    remedy: 'Start once, or restore the keep from a backup.',
  },
  'seed-unreadable': {
    kind: 'invalid',
    meaning: 'A credential file holds no seed.',
    remedy: 'Restore it from a backup, or delete it and start again to get a new one.',
  },
  'seed-exposed': {
    kind: 'unauthorized',
    meaning: 'Other users of the machine may have read a credential.',
    remedy: 'Run the chmod the message shows; if others use the machine, delete the seeds and start again.',
  },
  'company-key-missing': {
    kind: 'unauthorized',
    meaning: 'The key of the company is missing, but the keep holds keys sealed with it.',
    remedy: 'Restore it from a backup; a new one could open nothing.',
  },
  'company-key-exposed': {
    kind: 'unauthorized',
    meaning: 'Other users may have read the key of the company.',
    remedy: 'Run the chmod the message shows.',
  },
  'company-key-damaged': {
    kind: 'invalid',
    meaning: 'The file of the company key holds no key.',
    remedy: 'Restore it from a backup of the keep.',
  },
  'company-key-wrong': {
    kind: 'unauthorized',
    meaning: 'The key of the company is not the one this keep was made with. Nothing was changed.',
    remedy: 'Restore the right one from a backup of the keep.',
  },
  'keep.unreadable': {
    kind: 'transient',
    meaning: 'The key table of the keep cannot be read or written now. It is tried again.',
    remedy: 'Check that the volume of the keep is mounted, writable, not full and owned by this user, and the limit of open files.',
  },
  'keep.key-missing': {
    kind: 'transient',
    meaning: 'The key of a data subject is gone, but nobody erased it. What is sealed for it is held, never taken for erased.',
    remedy: 'Restore the newest backup of the keep. If the key is lost for good, erase the data subject; its data then reads as erased.',
  },
  'subject-invalid': {
    kind: 'invalid',
    meaning: 'The id of a data subject is not of the allowed form.',
    remedy: 'Report it: ids are made by the key table.',
  },
  'subject-key-damaged': {
    kind: 'transient',
    meaning: 'The key of a data subject is damaged. What is sealed for it is held.',
    remedy: 'Restore it from a backup of the keep.',
  },
} as const satisfies ErrorTable;
