/** What the host refuses or fails at. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const HOST_ERRORS = {
  'host.already-running': {
    kind: 'exit',
    meaning: 'Another host runs on this data folder, or a process of an earlier one does not end.',
    remedy: 'Look with ./soloist status, stop it with ./soloist down.',
  },
  'host.not-running': {
    kind: 'exit',
    meaning: 'No host runs on the data folder, so its log cannot be read.',
    remedy: 'Start it: ./soloist up.',
  },
  'host.port-taken': {
    kind: 'exit',
    meaning: 'A port that was asked for is taken or is no port number.',
    remedy: 'Choose another, or leave the setting out to get the next free port.',
  },
  'host.interrupted': {
    kind: 'exit',
    meaning: 'The start was stopped before everything ran; what had started is stopped.',
    remedy: 'Start again: ./soloist up.',
  },
  'host.folder-unusable': {
    kind: 'exit',
    meaning: 'The data folder cannot be made or written.',
    remedy: 'Make it writable for this user, or set SOLOIST_DATA_DIR to another folder.',
  },
  'host.bus-failed': {
    kind: 'exit',
    meaning: 'The broker did not start or was refused; the message says why. The log is unchanged.',
    remedy: 'Do what the message says; ./soloist doctor looks for known causes.',
  },
  'host.database-failed': {
    kind: 'exit',
    meaning: 'PostgreSQL did not start or is not the expected one. It holds projections only.',
    remedy: 'Do what the message says; its folder may be deleted, the services read the log again.',
  },
  'host.service-failed': {
    kind: 'exit',
    meaning: 'A service did not start.',
    remedy: 'Read the reason it gives and run/host.log; then ./soloist doctor.',
  },
  'host.not-ready-in-time': {
    kind: 'exit',
    meaning: 'Services still have work after the time that was given.',
    remedy: 'Run ./soloist doctor; wait and try again.',
  },
  'replay.run-unknown': {
    kind: 'exit',
    meaning: 'There is no run of this id on the log.',
    remedy: 'List the runs: ./soloist run list.',
  },
  'log.file-unusable': {
    kind: 'exit',
    meaning: 'The file or folder of an export cannot be read, cannot be written, or exists already.',
    remedy: 'Name another file; nothing is ever written over.',
  },
  'audit.no-such-act': {
    kind: 'exit',
    meaning: 'An act or run that was named has attempted nothing in the range, so there is nothing to prove.',
    remedy: 'Correct the id or the range; ./soloist run list and ./soloist why ID show both.',
  },
  'backup.nothing': {
    kind: 'exit',
    meaning: 'There is no installation in the data folder, so there is nothing to back up.',
    remedy: 'Set SOLOIST_DATA_DIR to the data folder of the installation.',
  },
  'backup.folder-unusable': {
    kind: 'exit',
    meaning: 'The folder of a backup cannot be written, is not empty, or holds what cannot be copied.',
    remedy: 'Name a new or empty folder that you may write to.',
  },
  'backup.damaged': {
    kind: 'exit',
    meaning: 'A backup does not hold what was backed up, or its parts are of different backups. Nothing was restored.',
    remedy: 'Use another backup.',
  },
  'restore.folder-not-empty': {
    kind: 'exit',
    meaning: 'The data folder holds something already. Nothing was restored.',
    remedy: 'Set SOLOIST_DATA_DIR to a new folder, or move this one away.',
  },
  'replay.fenced': {
    kind: 'transient',
    meaning: 'A replay wanted to look at the world; it may only look at the record.',
    remedy: 'Nothing: the replay reports the difference.',
  },
  'replay.unknown': {
    kind: 'unknown-outcome',
    meaning: 'The record says that the outcome of this effect was unknown, so the replay says it too.',
    remedy: 'Nothing: this is the recorded answer.',
  },
  'replay.model-faulted': {
    kind: 'transient',
    meaning: 'The record says that this call of a model ended in a passing fault, so the replay says it too.',
    remedy: 'Nothing: this is the recorded answer.',
  },
  'replay.recall-not-on-record': {
    kind: 'transient',
    meaning: 'The replay asked for a recall that was never recorded.',
    remedy: 'Look at the differences the replay prints.',
  },
} as const satisfies ErrorTable;
