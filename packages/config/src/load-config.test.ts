import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { configFromEnvironment } from './config-from-environment.ts';
import { loadConfig } from './load-config.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('a file is read, JSON or YAML', async () => {
  const env = { KEY: 'sk-1' };
  for (const [name, text] of [
    ['x.json', '{"openai": {"keys": [{"value": "env.KEY"}]}}'],
    ['x.yaml', 'openai:\n  keys:\n    - value: env.KEY # mine\n'],
  ] as const) {
    const file = join(directory, name);
    await writeFile(file, text);
    expect((await loadConfig(file, env)).providers['openai']?.keys[0]?.value).toBe('sk-1');
  }
});

test('a file that is not there is named', async () => {
  const file = join(directory, 'nowhere.json');
  await expect(loadConfig(file)).rejects.toMatchObject({
    name: 'ConfigError',
    message: `${file}: the file cannot be read: there is none`,
  });
});

test('the environment alone makes a configuration', () => {
  const config = configFromEnvironment({ OPENAI_API_KEY: 'sk-1', GROQ_API_KEY: 'gsk-1', ANTHROPIC_API_KEY: ' ' });
  expect(Object.entries(config?.providers ?? {})).toMatchObject([
    ['openai', { type: 'openai', keys: [{ name: 'openai-1', value: 'sk-1', variable: 'OPENAI_API_KEY' }] }],
    ['groq', { type: 'openai-compatible', baseURL: 'https://api.groq.com/openai/v1' }],
  ]);
  expect(configFromEnvironment({ PATH: '/bin' })).toBeUndefined();
});
