import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Every workspace runs its tests with this file (see `test` in its package.json), from its sources: no build is needed.
const conditions = ['@x/source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@x/source', 'node'] } },
  test: {
    include: ['**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('./vitest.setup.ts', import.meta.url))],
    testTimeout: 10_000,
    hookTimeout: 20_000,
    reporters: ['default', 'json'],
    outputFile: { json: '.results/vitest.json' },
  },
});
