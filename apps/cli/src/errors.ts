/** What the command line says when it cannot do what was asked. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const CLI_ERRORS = {
  'cli.usage': {
    kind: 'exit',
    meaning: 'A word, flag or value of the command line is wrong.',
    remedy: 'Correct it; ./soloist --help lists every command.',
  },
  'cli.output-lost': {
    kind: 'exit',
    meaning: 'Standard output took no more of what the command had to say, a full disk for example; what it does was done.',
    remedy: 'Make room where the output goes, and ask again.',
  },
  'cli.no-such-line': {
    kind: 'exit',
    meaning: 'No limit is set on that budget line.',
    remedy: 'List the lines: ./soloist budget list.',
  },
  'cli.no-such-webhook': {
    kind: 'exit',
    meaning: 'There is no webhook of that id; no secret was changed.',
    remedy: 'List them: ./soloist webhook list.',
  },
  'cli.token-missing': {
    kind: 'exit',
    meaning: "The operator's API token cannot be read from the secrets folder.",
    remedy: 'Start once with ./soloist up, as the user who owns the data folder.',
  },
  'cli.answer-unreadable': {
    kind: 'exit',
    meaning: 'The API answered with something that is not JSON: another program may listen on its port.',
    remedy: 'Run ./soloist doctor.',
  },
  'cli.api-late': {
    kind: 'exit',
    meaning: 'The API did not answer in time.',
    remedy: 'Run ./soloist doctor; the machine may be overloaded or a part may be down.',
  },
  'cli.api-unreachable': {
    kind: 'exit',
    meaning: 'Nothing answers at the address of the API.',
    remedy: 'Run ./soloist status; start with ./soloist up.',
  },
  'policy.invalid': {
    kind: 'exit',
    meaning: 'A policy file breaks its schema; the message names line, column and field.',
    remedy: 'Correct the file; libs/catalog/schemas/policy.schema.json describes it.',
  },
  'policy.file-unreadable': {
    kind: 'exit',
    meaning: 'The file of recorded trajectories cannot be read.',
    remedy: 'Check that the file exists and may be read.',
  },
  'cli.unexpected': {
    kind: 'exit',
    meaning: 'A defect: something was thrown that has no code.',
    remedy: 'Run it again with SOLOIST_LOG_LEVEL=debug and report what it says; ./soloist doctor looks for known causes.',
  },
  'host.not-running': {
    kind: 'exit',
    meaning: 'No host runs on the data folder.',
    remedy: 'Start it: ./soloist up. If it runs elsewhere, set SOLOIST_DATA_DIR.',
  },
  'host.not-ready': {
    kind: 'exit',
    meaning: 'The host is starting and does not answer yet.',
    remedy: 'Wait, and look with ./soloist status.',
  },
  'host.ended': {
    kind: 'exit',
    meaning: 'The host ended before or right after it was ready.',
    remedy: 'Read the lines shown and run/host.log in the data folder; then ./soloist doctor.',
  },
  'host.not-ready-in-time': {
    kind: 'exit',
    meaning: 'The host was not ready in time and was stopped.',
    remedy: 'Read run/host.log in the data folder; then ./soloist doctor.',
  },
  'host.interrupted': {
    kind: 'exit',
    meaning: 'The demo was interrupted; what it had started is stopped.',
    remedy: 'Run ./soloist demo again.',
  },
  'mail.refused': {
    kind: 'exit',
    meaning: 'The intake did not take the mail.',
    remedy: 'Correct what the answer names and send it again.',
  },
  'mail.intake-unreachable': {
    kind: 'exit',
    meaning: 'The mail intake is not there or does not answer.',
    remedy: 'Run ./soloist doctor.',
  },
  'mail.unreadable': {
    kind: 'exit',
    meaning: 'The file of the mail cannot be read.',
    remedy: 'Check the file name and its rights.',
  },
  'demo.no-gate': {
    kind: 'exit',
    meaning: 'The run of the demo ended without asking for a decision.',
    remedy: 'Look at it: ./soloist run show ID.',
  },
  'demo.not-approved': {
    kind: 'exit',
    meaning: "The demo's gate is not approved although it was decided.",
    remedy: 'Look at it: ./soloist gate show ID.',
  },
  'demo.wrong-count': {
    kind: 'exit',
    meaning: 'Not exactly one mail of the demo is in the outside box.',
    remedy: 'Look at the run with ./soloist run show ID, and report it: this must never happen.',
  },
  'demo.too-slow': {
    kind: 'exit',
    meaning: 'A step of the demo did not happen in time.',
    remedy: 'Read run/host.log in the data folder; on a slow machine run it again.',
  },
} as const satisfies ErrorTable;
