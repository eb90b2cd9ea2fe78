/** The codes of API answers that are no results: {"error":{"code","message","next"}}. Printed in docs/reference/errors.md (npm run errors). */
import type { ErrorTable } from '@soloist/kernel';

export const API_ERRORS = {
  'policy.not-adopted': {
    kind: 'answer',
    meaning: '409: the company has no policy yet; governance adopts one when it starts.',
    remedy: 'Try again in a moment.',
  },
  'run.unknown': {
    kind: 'answer',
    meaning: '404: there is no such run.',
    remedy: 'List the runs: GET /v1/runs.',
  },
  'agent.unknown': {
    kind: 'answer',
    meaning: '404: no agent of that name was ever published.',
    remedy: 'List them: ./soloist agent list.',
  },
  'agent.version-unknown': {
    kind: 'answer',
    meaning: '404: that version of the agent was never published; the message names those that were.',
    remedy: 'Pin one of those.',
  },
  'run.no-program': {
    kind: 'answer',
    meaning: '409: the run is of an agent; only runs of programs take events.',
    remedy: 'Look at it: ./soloist run show ID.',
  },
  'run.is-program': {
    kind: 'answer',
    meaning: '409: the run is of a program; there is no step of a model that the operator could do.',
    remedy: 'Send it the event that it waits for (./soloist run send ID NAME), resume or cancel it.',
  },
  'program.not-registered': {
    kind: 'answer',
    meaning: '404: no worker has registered a program of that name, or that version of it; the message names those that there are.',
    remedy: 'List them: ./soloist program list. Export it from the module that SOLOIST_PROGRAMS names, and start the runtime again.',
  },
  'program.input-refused': {
    kind: 'answer',
    meaning: "400: the program's own schema refuses the input; nothing was started.",
    remedy: 'Correct the fields that the message names; GET /v1/programs shows the schema.',
  },
  'program.key-taken': {
    kind: 'answer',
    meaning: '409: a run was started under this key with another version or input.',
    remedy: 'Use another key, or send what was sent before.',
  },
  'gate.unknown': {
    kind: 'answer',
    meaning: '404: there is no such gate.',
    remedy: 'List the open gates: GET /v1/gates?state=open.',
  },
  'gate.expired': {
    kind: 'answer',
    meaning: '409: the gate closed without a decision.',
    remedy: 'Send the request again to be asked anew.',
  },
  'gate.closed': {
    kind: 'answer',
    meaning: '409: the gate is decided or over; there is nothing to be reminded of.',
    remedy: 'Read the gate: GET /v1/gates/ID.',
  },
  'gate.snooze-window': {
    kind: 'answer',
    meaning: '409: the moment is past, or not before the end of the gate.',
    remedy: 'Name a moment in between, or decide the gate.',
  },
  'gate.classes-differ': {
    kind: 'answer',
    meaning: '409: one word was to decide gates of several classes; nothing was decided.',
    remedy: 'Decide the gates of each kind, action, effect class and policy by themselves.',
  },
  'why.unknown': {
    kind: 'answer',
    meaning: '404: nothing on record has that id, or it belongs to no run; the message says how far it was looked.',
    remedy: 'Take an id from ./soloist run list or ./soloist gate list --state all, or a place EVENTS-STREAM:SEQUENCE.',
  },
  'dead.unknown': {
    kind: 'answer',
    meaning: '404: there is no such dead letter.',
    remedy: 'List them: GET /v1/dead.',
  },
  'dead.settled': {
    kind: 'answer',
    meaning: '409: the dead letter was handed over or discarded before.',
    remedy: 'Nothing: a letter is settled once.',
  },
  'dead.not-retryable': {
    kind: 'answer',
    meaning: '409: the dead letter holds nothing that could be handed over again: an unreadable command, or a timer.',
    remedy: 'Discard it; send the command again if it is still wanted.',
  },
  'company.not-acknowledged': {
    kind: 'answer',
    meaning: '503: not every event stream took the company stop, or its lifting, within ten seconds.',
    remedy: 'Ask again: ./soloist stop. Until it is acknowledged, do not count on it.',
  },
  'budget.late': {
    kind: 'answer',
    meaning: '504: a wish about the budget was not on record within ten seconds; it is durable.',
    remedy: 'Look again: ./soloist budget list.',
  },
  'budget.as-booked': {
    kind: 'answer',
    meaning: '409: the run is booked with that amount already.',
    remedy: 'Nothing.',
  },
  'budget.stopped': {
    kind: 'answer',
    meaning: '409: the company is stopped, so no run is admitted by an extension either; the run goes on asking.',
    remedy: 'Lift the stop, then extend: ./soloist resume.',
  },
  'budget.not-asked': {
    kind: 'answer',
    meaning: '404: the run does not ask for an extension of a budget line.',
    remedy: 'List those that do: ./soloist budget asks.',
  },
  'events.token-invalid': {
    kind: 'answer',
    meaning: '400: the resume token was altered, or is of another installation.',
    remedy: 'Send the id of an event as it came, or begin anew without one.',
  },
  'events.token-stale': {
    kind: 'answer',
    meaning: '400: the log no longer holds what the resume token stands behind: it was restored or cut.',
    remedy: 'Begin anew without a token: read the rows, then listen from now on.',
  },
  'events.too-many': {
    kind: 'answer',
    meaning: '429: the token has as many streams of notices open as it may have.',
    remedy: 'Close one, or listen with one stream for all types.',
  },
  'events.full': {
    kind: 'answer',
    meaning: '503: all streams of notices are taken.',
    remedy: 'Come back after the seconds that Retry-After says, or ask for pages.',
  },
  'events.ending': {
    kind: 'answer',
    meaning: '503: governance is going down and opens no stream.',
    remedy: 'Come back with Last-Event-ID when it is up again.',
  },
  'mailing.not-set': {
    kind: 'answer',
    meaning: '404: nothing is mailed to the operator, so there is nothing to end or to try.',
    remedy: 'Set an address: ./soloist notify set ADDRESS.',
  },
  'webhook.unknown': {
    kind: 'answer',
    meaning: '404: there is no such webhook.',
    remedy: 'List them: ./soloist webhook list.',
  },
  'host.foreign': {
    kind: 'answer',
    meaning: '403: the request came by another name than a loopback name.',
    remedy: 'Use the address that ./soloist status shows.',
  },
  'origin.foreign': {
    kind: 'answer',
    meaning: '403: the request was sent by a page of another site.',
    remedy: 'Use the command line, or a page of the API itself.',
  },
  'token.needed': {
    kind: 'answer',
    meaning: '401: no valid token was sent.',
    remedy: 'Send Authorization: Bearer with the token from the file api-token in the secrets folder.',
  },
  'token.expired': {
    kind: 'answer',
    meaning: '401: the token was good until its end.',
    remedy: 'Have a new one made: ./soloist token create NAME --scope SCOPES.',
  },
  'token.revoked': {
    kind: 'answer',
    meaning: '401: the operator revoked the token.',
    remedy: 'Ask the operator; a new one is made with ./soloist token create.',
  },
  'token.scope': {
    kind: 'answer',
    meaning: '403: the token has not the scope that the route asks for; nothing was done.',
    remedy: 'Have a token made that has it; GET /openapi.json names the scope of each route (x-scope).',
  },
  'token.not-owner': {
    kind: 'answer',
    meaning: '403: tokens and approval links are made by the operator alone; no scope allows it.',
    remedy: "Use the operator's own token.",
  },
  'token.unknown': {
    kind: 'answer',
    meaning: '404: there is no token of that name.',
    remedy: 'List them: ./soloist token list.',
  },
  'token.name-taken': {
    kind: 'answer',
    meaning: '409: a token of that name exists or existed, and what the log says of it must stay true.',
    remedy: 'Choose another name.',
  },
  'token.too-many': {
    kind: 'answer',
    meaning: '409: the register of tokens is full; revoked ones count, for their names stay taken.',
    remedy: 'Use the tokens that exist.',
  },
  'rate.limited': {
    kind: 'answer',
    meaning: '429: too many requests, or failed authentications, of one token or address.',
    remedy: 'Wait for the seconds that Retry-After says.',
  },
  'request.invalid': {
    kind: 'answer',
    meaning: '400: the request does not follow its description.',
    remedy: 'Correct the field the message names; GET /openapi.json describes it.',
  },
  'route.unknown': {
    kind: 'answer',
    meaning: '404: there is no such route.',
    remedy: 'GET /openapi.json lists every route.',
  },
  'request.too-large': {
    kind: 'answer',
    meaning: '413: the body is larger than the API takes.',
    remedy: 'Send a smaller body.',
  },
  'request.media-type': {
    kind: 'answer',
    meaning: '415: the body is not JSON.',
    remedy: 'Send JSON with Content-Type: application/json.',
  },
  'policy.replaced': {
    kind: 'answer',
    meaning: '409: another policy is in force by now than the one the change was compared with.',
    remedy: 'Compare again (./soloist policy diff FILE), then apply.',
  },
  'policy.late': {
    kind: 'answer',
    meaning: '504: the policy was not in force within ten seconds; the wish is durable.',
    remedy: 'Look again: ./soloist policy show.',
  },
  'api.defect': {
    kind: 'answer',
    meaning: '500: this should not have happened.',
    remedy: 'Look into the log of governance and report it.',
  },
} as const satisfies ErrorTable;
