import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// Run in the folder of a package, by its `test:install`: the test asks for the current directory.
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['stand-alone.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 180_000,
    reporters: ['default', 'json'],
    outputFile: { json: `${process.cwd()}/.results/install.json` },
  },
});
