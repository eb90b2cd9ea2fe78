/** What stands between a notice and the receiver of a webhook. */
import type { ErrorTable } from '@soloist/kernel';

export const WEBHOOK_ERRORS = {
  'webhook.bad-timer': {
    kind: 'invalid',
    meaning: 'A timer does not say what is to be posted to a webhook.',
    remedy: 'Discard the letter: the notice is in the stream of GET /v1/events too.',
  },
  'webhook.unknown': {
    kind: 'invalid',
    meaning: 'A webhook was to be tested that is not there any more.',
    remedy: 'List them: ./soloist webhook list.',
  },
  'webhook.no-secret': {
    kind: 'outcome',
    meaning: 'The vault holds no secret to sign with; nothing was posted.',
    remedy: 'Remove the webhook and add it with ./soloist webhook add, which makes one.',
  },
  'webhook.vault': {
    kind: 'outcome',
    meaning: 'The vault could not be opened; nothing was posted.',
    remedy: './soloist doctor; restore the vault and its key together.',
  },
  'webhook.address-refused': {
    kind: 'outcome',
    meaning: 'The address, or what its name leads to, may not be reached; nothing was posted.',
    remedy: 'Add the webhook with --reach private or loopback if that is where it lies.',
  },
  'webhook.redirected': {
    kind: 'outcome',
    meaning: 'The receiver sent the post elsewhere; redirects are not followed.',
    remedy: 'Add the webhook under the address it is redirected to.',
  },
  'webhook.late': {
    kind: 'outcome',
    meaning: 'The receiver did not answer within ten seconds.',
    remedy: 'Let it answer first and work afterwards.',
  },
  'webhook.unreachable': {
    kind: 'outcome',
    meaning: 'No connection to the receiver could be made, or it broke.',
    remedy: 'Look whether it is up; the post is tried again for three days.',
  },
  'webhook.gone': {
    kind: 'outcome',
    meaning: 'The receiver said that it is gone for good (410); nothing more is posted there.',
    remedy: 'Remove the webhook, and add it again if it came back.',
  },
  'webhook.refused': {
    kind: 'outcome',
    meaning: 'The receiver answered with a status from 400 to 499; the post is tried again for three days.',
    remedy: 'Look into the log of the receiver; ./soloist webhook test ID tries at once.',
  },
  'webhook.broken': {
    kind: 'outcome',
    meaning: 'The receiver answered with a status from 500 on, or with one that is none; the post is tried again for three days.',
    remedy: 'Look into the log of the receiver; ./soloist webhook test ID tries at once.',
  },
} as const satisfies ErrorTable;
