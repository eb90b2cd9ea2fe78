import { defineConfig } from 'vitest/config';

// Never name `import` here: workers get these as flags of Node, and `require` would then load the ESM half of pg-pool.
const conditions = ['@soloist/source', 'node'];

// Every test file belongs to exactly one project; tools/test.mjs runs them as its phases.
const SCENARIO = ['tests/scenarios/**/*.test.ts'];
const INTEGRATION = ['**/*.int.test.ts', 'tests/conformance/**/*.test.ts', 'tests/chaos/**/*.test.ts'];
const NEVER = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    environment: 'node',
    passWithNoTests: false,
    pool: 'forks',
    // Two cores, and integration tests start real brokers and databases beside each worker.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['{apps,libs}/*/src/**/*.test.ts', 'tests/**/*.test.ts'], exclude: [...NEVER, ...INTEGRATION, ...SCENARIO] } },
      { extends: true, test: { name: 'integration', include: INTEGRATION, exclude: [...NEVER, ...SCENARIO] } },
      // One at a time: a scenario runs the whole system and looks at its timing.
      { extends: true, test: { name: 'scenario', include: SCENARIO, exclude: NEVER, fileParallelism: false } },
    ],
  },
});
