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
  'budget.not-asked': {
    kind: 'answer',
    meaning: '404: the run does not ask for an extension of a budget line.',
    remedy: 'List those that do: ./soloist budget asks.',
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
