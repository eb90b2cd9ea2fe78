/**
 * At start, what the catalog says becomes fact: the limit, the agents, and last the policy, without which nothing is
 * admitted. What is in force already is not published again.
 */
import type { Address, AnyEvent } from '@soloist/contracts';
import { Fault } from '@soloist/kernel';
import type { Entity, Source, SourceWork } from '@soloist/service';
import { COMPANY_DAY, LEDGER_KEY, limitBudget } from '../domain/budget.js';
import type { Ledger } from '../domain/ledger.js';
import { publishDefinition } from '../domain/definition.js';
import { adoptPolicy, POLICY_KEY } from '../domain/policy.js';
import { definitions, ledgers, policies } from '../entities.js';
import type { GovernancePorts } from '../ports/governance-ports.js';

/** Whose word the limit of the environment is. */
const CONFIGURED = 'governance';

export const publishCatalog: Source<GovernancePorts> = {
  name: 'publish-catalog',
  start: async (work) => {
    const { agents, policy, companyDayLimit } = work.ports.catalog;
    const { micros, currency } = companyDayLimit;
    const limited = await work.commit(await seedFor(work, ledgers, LEDGER_KEY, `${micros} ${currency}`), ledgers, LEDGER_KEY, 'limit', (ledger) => limitFromConfiguration(ledger, micros, currency));
    if (limited.kind === 'rejected') throw new Fault('invalid', limited.rejection.code, limited.rejection.because);
    for (const { name, version, definition, origin } of agents) {
      await work.commit(await seedFor(work, definitions, name, version), definitions, name, 'publish', (state) => publishDefinition(state, version, definition, origin));
    }
    await work.commit(await seedFor(work, policies, POLICY_KEY, policy.version), policies, POLICY_KEY, 'adopt', (state) => adoptPolicy(state, policy.version, policy.document, policy.origin));
    return { stop: () => Promise.resolve() };
  },
};

/** What the operator has set by command stays; the configured limit holds until then. */
function limitFromConfiguration(ledger: Ledger, limit: number, currency: string): ReturnType<typeof limitBudget> {
  const now = ledger.limits[COMPANY_DAY];
  return now !== undefined && now.by !== CONFIGURED ? [] : limitBudget(ledger, COMPANY_DAY, { limit, mode: 'hard', by: CONFIGURED }, currency);
}

/** A version may come back after another: the same change from another history is another commit. */
async function seedFor<State, Event extends AnyEvent>(work: SourceWork<GovernancePorts>, entity: Entity<State, Event>, key: string, version: string): Promise<string> {
  const address: Address = { context: entity.context, entity: entity.entity, key };
  const head = await work.connection.log.head(address);
  return `catalog:${address.context}.${address.entity}.${key}:${head?.hash ?? 'none'}:${version}`;
}
