/** What the frame of the services fails at. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const SERVICE_ERRORS = {
  'service.entity-contended': {
    kind: 'transient',
    meaning: 'An entity was written by others again and again.',
    remedy: 'Nothing: the delivery comes again.',
  },
  'redelivery.invalid': {
    kind: 'invalid',
    meaning: 'A wish about a dead letter breaks its contract.',
    remedy: 'Read its dead letter; report it if the API or the command line sent it.',
  },
  'redelivery.not-on-log': {
    kind: 'invalid',
    meaning: 'Where the letter says its commit lies, the log holds nothing.',
    remedy: 'Run ./soloist log verify: the log may have been cut.',
  },
  'redelivery.foreign': {
    kind: 'invalid',
    meaning: 'A letter was to be handed to a service that does not react to its commit.',
    remedy: 'Find out who sent the command; discard the letter if the service no longer reacts to such facts.',
  },
  'projection.moved': {
    kind: 'transient',
    meaning: 'Another process projects the same stream.',
    remedy: 'Stop the second one: one process of a service projects at a time.',
  },
  'projection.url-invalid': {
    kind: 'invalid',
    meaning: 'SOLOIST_POSTGRES_URL is no PostgreSQL address.',
    remedy: 'Correct it as the message says.',
  },
  'projection.postgres-unreachable': {
    kind: 'transient',
    meaning: 'PostgreSQL cannot be reached. It is tried again.',
    remedy: 'Start it, or correct SOLOIST_POSTGRES_URL.',
  },
  'projection.postgres-starting': {
    kind: 'transient',
    meaning: 'PostgreSQL is starting or shutting down. It is tried again.',
    remedy: 'Wait.',
  },
  'projection.postgres-busy': {
    kind: 'transient',
    meaning: 'PostgreSQL could not serve this now. It is tried again.',
    remedy: 'Wait; look at its log if it lasts.',
  },
  'projection.postgres-refused': {
    kind: 'unauthorized',
    meaning: 'PostgreSQL refuses the user or the password.',
    remedy: 'Correct SOLOIST_POSTGRES_URL.',
  },
  'projection.database-missing': {
    kind: 'invalid',
    meaning: 'PostgreSQL has no such database.',
    remedy: 'Create it, or correct SOLOIST_POSTGRES_URL.',
  },
  'projection.postgres-forbidden': {
    kind: 'unauthorized',
    meaning: 'The PostgreSQL user may not do this.',
    remedy: 'Give it CREATE on the database.',
  },
  'projection.tables-missing': {
    kind: 'transient',
    meaning: 'The tables of a projection are gone.',
    remedy: 'Start the service again: it makes them from the log.',
  },
  'projection.schema-foreign': {
    kind: 'invalid',
    meaning: 'The schema of a projection holds tables that are not ours.',
    remedy: 'Use another database, or do what the message says.',
  },
  'projection.log-regressed': {
    kind: 'invalid',
    meaning: 'A projection has seen a commit that the log no longer holds: the log was cut or replaced.',
    remedy: 'Stop, keep the store as it is, run ./soloist log verify and compare with a backup. Drop the projections only when the log is right.',
  },
  'projection.behind': {
    kind: 'transient',
    meaning: 'A projection does not reach what was asked for.',
    remedy: 'Nothing: it is tried again. Look at the log of the service if it lasts.',
  },
} as const satisfies ErrorTable;
