/** Every entity and event there is. Adding one here is what makes it exist: codec, permissions and docs read this. */
import type { EntityContract, EventContract } from './event-contract.js';
import { CONTEXTS, type Context } from './subject.js';
import { arming } from './connectors/arming.js';
import { effect } from './connectors/effect.js';
import { intake } from './connectors/intake.js';
import { posting } from './connectors/posting.js';
import { budget } from './governance/budget.js';
import { contact } from './governance/contact.js';
import { definition } from './governance/definition.js';
import { gate } from './governance/gate.js';
import { halt } from './governance/halt.js';
import { hold } from './governance/hold.js';
import { mailing } from './governance/mailing.js';
import { policy } from './governance/policy.js';
import { webhook } from './governance/webhook.js';
import { fact } from './memory/fact.js';
import { recall } from './memory/recall.js';
import { request } from './orchestrator/request.js';
import { run } from './orchestrator/run.js';
import { loop } from './runtime/loop.js';
import { program } from './runtime/program-register.js';
import { roster } from './runtime/roster.js';

export type AnyEntityContract = EntityContract<Context, string, Record<string, EventContract>>;

export const ENTITIES: readonly AnyEntityContract[] = [
  request,
  run,
  loop,
  program,
  roster,
  recall,
  fact,
  intake,
  effect,
  arming,
  posting,
  gate,
  budget,
  hold,
  halt,
  definition,
  policy,
  contact,
  webhook,
  mailing,
];

/** Wire type without version (`runtime.loop.claimed`) → its contract. */
export const EVENT_CONTRACTS: ReadonlyMap<string, EventContract> = new Map(
  ENTITIES.flatMap((entity) =>
    Object.entries(entity.events).map(([name, contract]) => [`${entity.context}.${entity.entity}.${name}`, contract] as const),
  ),
);

export function entitiesOf(context: Context): readonly string[] {
  return ENTITIES.filter((entity) => entity.context === context).map((entity) => entity.entity);
}

export { CONTEXTS };
