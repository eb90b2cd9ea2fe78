import { defineConfig } from 'vitest/config';

const conditions = ['@soloist/source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@soloist/source', 'node', 'import'] } },
  test: {
    environment: 'node',
    include: ['{apps,libs}/*/src/**/*.test.ts', 'tests/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    passWithNoTests: false,
    pool: 'forks',
    // Two cores, and integration tests start real brokers and databases beside each worker.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
