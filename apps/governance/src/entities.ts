/** Governance's entities: the pure rules of `domain/`, tied to their place on the log. */
import type { BudgetEvent, ContactEvent, DefinitionEvent, GateEvent, HaltEvent, HoldEvent, MailingEvent, PolicyEvent, WebhookEvent } from '@soloist/contracts';
import { defineEntity } from '@soloist/service';
import { evolveLedger, ledgerSnapshot } from './domain/budget.js';
import { emptyLedger, type Ledger } from './domain/ledger.js';
import { evolveContacts, noContacts, type Contacts } from './domain/contact.js';
import { evolveDefinitions, noDefinitions, type Definitions } from './domain/definition.js';
import { evolveGates, noGates, type GateState } from './domain/gate-state.js';
import { evolveHalt, neverHalted, type Halt } from './domain/halt.js';
import { evolveHold, noHold, type Hold } from './domain/hold.js';
import { evolveMailing, noMailing, snapshotOfMailing, type Mailing } from './domain/mailing.js';
import { evolvePolicies, noPolicies, type Policies } from './domain/policy.js';
import { evolveWebhooks, listedWebhooks, noWebhooks, type Webhooks } from './domain/webhook.js';

/** The ledger is written for ever: a cold read starts at its latest snapshot. */
const LEDGER_SNAPSHOT_EVERY = 50;

export const ledgers = defineEntity<Ledger, BudgetEvent>({
  context: 'governance',
  entity: 'budget',
  initial: emptyLedger,
  evolve: evolveLedger,
  snapshot: { every: LEDGER_SNAPSHOT_EVERY, of: ledgerSnapshot },
});

export const holds = defineEntity<Hold, HoldEvent>({ context: 'governance', entity: 'hold', initial: noHold, evolve: evolveHold });

export const gates = defineEntity<GateState, GateEvent>({ context: 'governance', entity: 'gate', initial: noGates, evolve: evolveGates });

export const definitions = defineEntity<Definitions, DefinitionEvent>({
  context: 'governance',
  entity: 'definition',
  initial: noDefinitions,
  evolve: evolveDefinitions,
});

export const policies = defineEntity<Policies, PolicyEvent>({ context: 'governance', entity: 'policy', initial: noPolicies, evolve: evolvePolicies });

export const contacts = defineEntity<Contacts, ContactEvent>({ context: 'governance', entity: 'contact', initial: noContacts, evolve: evolveContacts });

export const halts = defineEntity<Halt, HaltEvent>({ context: 'governance', entity: 'halt', initial: neverHalted, evolve: evolveHalt });

/** Connectors read its head and nothing else. */
export const webhooks = defineEntity<Webhooks, WebhookEvent>({
  context: 'governance',
  entity: 'webhook',
  initial: noWebhooks,
  evolve: evolveWebhooks,
  snapshot: { every: 1, of: listedWebhooks },
});

/** Connectors read its head and nothing else, and hear of its commits. */
export const mailings = defineEntity<Mailing, MailingEvent>({
  context: 'governance',
  entity: 'mailing',
  initial: noMailing,
  evolve: evolveMailing,
  snapshot: { every: 1, of: snapshotOfMailing },
});
