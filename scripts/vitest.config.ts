import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

// Tests of what is in this folder. Those of whole packages have a configuration of their own, in stand-alone.
export default defineConfig({
  test: {
    root: ROOT,
    include: ['scripts/**/*.test.ts'],
    exclude: ['scripts/stand-alone/**'],
    hookTimeout: 60_000,
    setupFiles: [`${ROOT}vitest.setup.ts`],
    reporters: ['default', 'json'],
    outputFile: { json: `${ROOT}.results/vitest.json` },
  },
});
