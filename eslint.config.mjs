import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { importLaw } from './tools/lint/import-law.mjs';
import { noCycle } from './tools/lint/no-cycle.mjs';

const TESTS = ['**/*.test.ts', 'tests/**', 'bench/**', 'libs/testing/**'];
const PURE = ['libs/kernel/src/**/*.ts', 'libs/contracts/src/**/*.ts', 'apps/*/src/domain/**/*.ts', 'apps/*/src/policies/**/*.ts'];
const APPS = ['orchestrator', 'runtime', 'memory', 'connectors', 'governance'];

const mayDependOn = (sourceTag, ...names) => ({ sourceTag, onlyDependOnLibsWithTags: names.map((name) => (/[:*]/.test(name) ? name : `scope:${name}`)) });
const everywhere = [
  { selector: 'ExportAllDeclaration', message: 'No `export *`: name what leaves the file.' },
  { selector: 'ExportDefaultDeclaration', message: 'No default exports: a thing has one name.' },
  { selector: 'ExportSpecifier[exported.name="default"]', message: 'No default exports: a thing has one name.' },
];
const clock = 'Pure code sees no clock: take the time from the event or the command.';
const outside = 'Pure code sees no clock, no random, no network, no process: take it as an argument.';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.soloist/**', '.soloist-tools/**', 'coverage/**', 'apps/console/**'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    plugins: { '@nx': nx, soloist: { rules: { 'import-law': importLaw, 'no-cycle': noCycle } } },
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['*.ts'] }, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allow: [],
          depConstraints: [
            mayDependOn('scope:kernel'),
            mayDependOn('scope:contracts', 'kernel'),
            mayDependOn('scope:telemetry', 'kernel'),
            mayDependOn('scope:eventlog', 'kernel', 'contracts', 'telemetry'),
            mayDependOn('scope:service', 'kernel', 'contracts', 'eventlog', 'telemetry'),
            mayDependOn('scope:catalog', 'kernel', 'contracts'),
            mayDependOn('scope:testing', 'type:lib'),
            mayDependOn('type:app', 'type:lib'),
            mayDependOn('type:composition-root', 'type:lib', ...APPS),
            // The command line starts the composition root; it reaches a service through it only (ADR 0007).
            mayDependOn('type:command-line', 'type:lib', 'scope:host'),
            mayDependOn('type:tests', '*'),
            mayDependOn('type:bench', '*'),
          ],
        },
      ],
      'soloist/import-law': 'error',
      'soloist/no-cycle': 'error',
      'no-restricted-syntax': ['error', ...everywhere],
    },
  },
  {
    files: PURE,
    ignores: TESTS,
    rules: {
      'no-restricted-globals': [
        'error',
        {
          checkGlobalObject: true,
          globals: ['process', 'performance', 'crypto', 'fetch', 'WebSocket', 'EventSource', 'setTimeout', 'setInterval', 'setImmediate', 'console', 'require'].map((name) => ({ name, message: outside })),
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: clock },
        { object: 'Math', property: 'random', message: outside },
      ],
      'no-restricted-syntax': [
        'error',
        ...everywhere,
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: clock },
        { selector: 'CallExpression[callee.name="Date"]', message: clock },
      ],
    },
  },
  { files: TESTS, rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  { files: ['vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
);
