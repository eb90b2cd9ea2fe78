/** What the simulated company is configured with: one agent, one policy, its routing rules. */
import { AgentDefinition, PolicyDocument } from '@soloist/contracts';
import { sha256Hex } from '@soloist/eventlog';
import type { Catalog } from '@soloist/governance';
import { canonicalJson } from '@soloist/kernel';
import type { Rulebook } from '@soloist/orchestrator';
import type { Swarm } from './swarm.js';

const versionOf = (value: unknown): string => sha256Hex(canonicalJson(value)).slice(0, 16);

const document = PolicyDocument.parse({
  name: 'company',
  actions: [{ action: 'mail.send', verdict: 'gate', because: 'The owner reads mail first.' }],
  gateExpiresAfterHours: 1,
  authorizationExpiresAfterMinutes: 30,
});

function agentWith(perRunMicros: number): AgentDefinition {
  return AgentDefinition.parse({
    name: 'desk',
    purpose: 'Answers clients.',
    instructions: 'Answer.',
    model: { alias: 'scripted', maxOutputTokens: 100 },
    actions: ['mail.send'],
    budget: { perRunMicros, currency: 'USD' },
    limits: { maxSteps: 5 },
  });
}

const catalogs = [false, true].map(catalogWith);

export function catalogOf({ tightBudget }: Swarm): Catalog {
  return catalogs[tightBudget ? 1 : 0] as Catalog;
}

function catalogWith(tightBudget: boolean): Catalog {
  const definition = agentWith(tightBudget ? 10_000 : 60_000);
  return {
    agents: [{ name: 'desk', version: versionOf(definition), definition, origin: 'simulation' }],
    policy: { version: versionOf(document), document, origin: 'simulation' },
    companyDayLimit: { micros: tightBudget ? 25_000 : 1_000_000, currency: 'USD' },
  };
}

export const rulebook: Rulebook = {
  rules: [{ name: 'question', when: { subjectOrText: ['?'] }, route: { agent: 'desk' }, because: 'Somebody asks something.' }],
  otherwise: 'archive',
  version: '1',
  agents: new Set(['desk']),
  matches: (pattern, field) => field.includes(pattern),
};
