/** One breach for each law, and files that keep them all. `rules` are those that must report each file, and no other. */
export type Breach = { readonly law: string; readonly files: Readonly<Record<string, string>>; readonly rules: readonly string[] };

const NX = '@nx/enforce-module-boundaries';
const LAW = 'soloist/import-law';
const SYNTAX = 'no-restricted-syntax';

const use = (specifier: string): string => `import { name } from '${specifier}';\nexport const used = name;\n`;
const one = (law: string, file: string, text: string, ...rules: string[]): Breach => ({ law, files: { [file]: text }, rules });

const betweenProjects: Breach[] = [
  one('kernel imports nothing: a lib', 'libs/kernel/src/lib-breach.ts', use('@soloist/contracts'), LAW, NX),
  one('contracts import no lib but kernel', 'libs/contracts/src/lib-breach.ts', use('@soloist/eventlog'), LAW, NX),
  one('telemetry imports kernel only', 'libs/telemetry/src/lib-breach.ts', use('@soloist/contracts'), NX),
  one('eventlog does not import service', 'libs/eventlog/src/lib-breach.ts', use('@soloist/service'), NX),
  one('service does not import catalog', 'libs/service/src/lib-breach.ts', use('@soloist/catalog'), NX),
  one('catalog does not import eventlog', 'libs/catalog/src/lib-breach.ts', use('@soloist/eventlog'), NX),
  one('no app imports another', 'apps/runtime/src/app-breach.ts', use('@soloist/memory'), NX),
  one('no app imports another by a relative path', 'apps/runtime/src/relative-breach.ts', use('../../memory/src/index.js'), NX),
  one('no service imports the host', 'apps/memory/src/app-breach.ts', use('@soloist/host'), NX),
  one('the command line imports no service', 'apps/cli/src/app-breach.ts', use('@soloist/runtime'), NX),
  one('no lib imports an app', 'libs/service/src/app-breach.ts', use('@soloist/runtime'), NX),
  one('only tests import @soloist/testing', 'apps/runtime/src/testing-breach.ts', use('@soloist/testing'), LAW),
];

const pureFolders: Breach[] = [
  one('kernel imports nothing: node:*', 'libs/kernel/src/node-breach.ts', use('node:crypto'), LAW),
  one('kernel imports nothing: a package', 'libs/kernel/src/package-breach.ts', use('zod'), LAW),
  one('kernel imports nothing: by await import()', 'libs/kernel/src/dynamic-breach.ts', `export const used = await import('node:fs');\n`, LAW),
  one('kernel imports nothing: by a computed name', 'libs/kernel/src/computed-breach.ts', `export const load = (name: string): Promise<unknown> => import(name);\n`, LAW),
  one('kernel imports nothing: by a type', 'libs/kernel/src/type-breach.ts', `export type Used = import('zod').ZodType;\n`, LAW),
  one('contracts import no node:*', 'libs/contracts/src/node-breach.ts', use('node:buffer'), LAW),
  one('domain imports no other lib', 'apps/memory/src/domain/lib-breach.ts', use('@soloist/service'), LAW),
  one('domain imports no node:*', 'apps/memory/src/domain/node-breach.ts', use('node:crypto'), LAW),
  one('domain imports no bare node module', 'apps/memory/src/domain/bare-breach.ts', use('fs'), LAW),
  one('domain imports no package', 'apps/memory/src/domain/package-breach.ts', use('zod'), LAW),
  one('domain reaches no reactor', 'apps/memory/src/domain/reactor-breach.ts', use('../reactors/answer-recall.js'), LAW),
  one('domain re-exports no adapter', 'apps/memory/src/domain/reexport-breach.ts', `export { name } from '../adapters/exact.index.js';\n`, LAW),
  one('policies import no other lib', 'apps/governance/src/policies/lib-breach.ts', use('@soloist/catalog'), LAW),
  one('policies import no node:*', 'apps/governance/src/policies/node-breach.ts', use('node:os'), LAW),
];

const homesOfPackages: Breach[] = [
  one('@nats-io lives in eventlog', 'libs/service/src/nats-breach.ts', use('@nats-io/jetstream'), LAW),
  one('@nats-io lives in eventlog, not in apps', 'apps/host/src/nats-breach.ts', use('@nats-io/transport-node'), LAW),
  one('@nestjs lives in service and http/', 'apps/governance/src/nest-breach.ts', use('@nestjs/common'), LAW),
  one('@nestjs is not for libs', 'libs/eventlog/src/nest-breach.ts', use('@nestjs/core'), LAW),
  one('@mikro-orm lives in projections/', 'apps/memory/src/adapters/orm-breach.ts', use('@mikro-orm/core'), LAW),
  one('@mikro-orm lives in projections/, in service too', 'libs/service/src/orm-breach.ts', use('@mikro-orm/postgresql'), LAW),
  one('telemetry alone sets up OpenTelemetry', 'libs/eventlog/src/otel-breach.ts', use('@opentelemetry/sdk-node'), LAW),
];

const pure = (law: string, name: string, expression: string, rule: string): Breach =>
  one(law, `apps/orchestrator/src/domain/${name}-breach.ts`, `export const used = (): unknown => ${expression};\n`, rule);

const determinism: Breach[] = [
  pure('domain reads no clock: Date.now', 'date-now', 'Date.now()', 'no-restricted-properties'),
  pure('domain reads no clock: new Date()', 'new-date', 'new Date()', SYNTAX),
  pure('domain reads no clock: Date()', 'call-date', 'Date()', SYNTAX),
  pure('domain draws no random', 'random', 'Math.random()', 'no-restricted-properties'),
  pure('domain sees no process', 'process', 'process.env', 'no-restricted-globals'),
  pure('domain sees no process through globalThis', 'global-process', 'globalThis.process', 'no-restricted-globals'),
  one('policies read no clock', 'apps/governance/src/policies/clock-breach.ts', 'export const used = Date.now();\n', 'no-restricted-properties'),
  one('the kernel reads no clock', 'libs/kernel/src/clock-breach.ts', 'export const used = new Date();\n', SYNTAX),
];

const taste: Breach[] = [
  one('no default exports', 'apps/cli/src/default-breach.ts', 'export default 1;\n', SYNTAX),
  one('no default exports by name', 'apps/cli/src/named-default-breach.ts', 'const one = 1;\nexport { one as default };\n', SYNTAX),
  one('no export *', 'libs/eventlog/src/star-breach.ts', `export * from './index.js';\n`, SYNTAX),
  one('no any in contracts', 'libs/contracts/src/any-breach.ts', 'export const used = (value: any): string => String(value);\n', '@typescript-eslint/no-explicit-any'),
  one('no any in the kernel', 'libs/kernel/src/any-breach.ts', 'export const used = (value: any): string => String(value);\n', '@typescript-eslint/no-explicit-any'),
  one('no any in domain', 'apps/memory/src/domain/any-breach.ts', 'export const used = (value: any): string => String(value);\n', '@typescript-eslint/no-explicit-any'),
  one('no floating promises', 'apps/runtime/src/floating-breach.ts', 'const work = async (): Promise<void> => {};\nwork();\n', '@typescript-eslint/no-floating-promises'),
  {
    law: 'no import cycles',
    files: {
      'apps/runtime/src/cycle-a.ts': `import { b } from './cycle-b.js';\nexport const a = (): number => b();\n`,
      'apps/runtime/src/cycle-b.ts': `import { c } from './cycle-c.js';\nexport const b = (): number => c();\n`,
      'apps/runtime/src/cycle-c.ts': `import { a } from './cycle-a.js';\nexport const c = (): number => a();\n`,
    },
    rules: ['soloist/no-cycle'],
  },
  {
    law: 'no import cycles, types included',
    files: {
      'apps/runtime/src/type-cycle-a.ts': `import type { B } from './type-cycle-b.js';\nexport type A = { readonly b?: B };\n`,
      'apps/runtime/src/type-cycle-b.ts': `import type { A } from './type-cycle-a.js';\nexport type B = { readonly a?: A };\n`,
    },
    rules: ['soloist/no-cycle'],
  },
];

export const BREACHES: readonly Breach[] = [...betweenProjects, ...pureFolders, ...homesOfPackages, ...determinism, ...taste];

export const HONEST_FILES: Readonly<Record<string, string>> = {
  'libs/kernel/src/honest.ts': `import { name } from './index.js';\nexport const used = name;\n`,
  'libs/contracts/src/honest.ts': `import { z } from 'zod';\nimport { name } from '@soloist/kernel';\nexport const used = z.literal(name);\n`,
  'libs/telemetry/src/honest.ts': use('@opentelemetry/sdk-node'),
  'libs/eventlog/src/honest.ts': use('@nats-io/jetstream'),
  'libs/service/src/honest.ts': `${use('@nestjs/common')}export { name as log } from '@soloist/eventlog';\n`,
  'libs/service/src/projections/honest.ts': use('@mikro-orm/core'),
  'libs/catalog/src/honest.ts': use('@soloist/contracts'),
  'libs/testing/src/honest.ts': `${use('@soloist/service')}export { name as vitest } from 'vitest';\n`,
  'apps/memory/src/domain/honest.ts': `import { name } from '@soloist/contracts';\nexport const used = (at: string): string => new Date(at).toISOString() + name;\n`,
  'apps/memory/src/domain/honest.test.ts': `import { name } from '@soloist/testing';\nimport { test } from 'vitest';\ntest(String(name), () => {});\n`,
  'apps/memory/src/projections/honest.ts': use('@mikro-orm/postgresql'),
  'apps/memory/src/reactors/honest.ts': `import { used } from '../domain/honest.js';\nimport { name } from '@soloist/service';\nexport const both = [used, name];\n`,
  'apps/governance/src/policies/honest.policy.ts': `import { used } from '../domain/honest.js';\nexport const policy = used;\n`,
  'apps/governance/src/domain/honest.ts': use('@soloist/kernel'),
  'apps/governance/src/http/honest.ts': use('@nestjs/common'),
  'apps/host/src/honest.ts': `${use('@soloist/runtime')}export { name as fs } from 'node:fs';\n`,
  'tests/architecture/honest.test.ts': `${use('@nats-io/jetstream')}export { name as host } from '@soloist/host';\n`,
};
