import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Every workspace runs its tests with this file (see `test` in its package.json), from its sources: no build is needed.
// Without `module`, which is for bundlers: packages of AWS's have files behind it that Node cannot load.
const conditions = ['@x/source', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['@x/source', 'node'] } },
  test: {
    include: ['**/*.test.ts'],
    setupFiles: [fileURLToPath(new URL('./vitest.setup.ts', import.meta.url))],
    // Hung is hung: a machine that is busy with other tests takes ten seconds for what takes one.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', 'json'],
    outputFile: { json: '.results/vitest.json' },
  },
});
