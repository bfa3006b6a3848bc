import { expect, test } from 'vitest';
import { createClient } from './index.ts';

const openai = { keys: [{ value: 'sk-secret', models: ['gpt-4o*'] }] };

// All of it at construction: no call is made.
test.each<[string, object, string]>([
  ['no provider', {}, 'providers: at least one provider is needed'],
  ['a provider without a key', { openai: {} }, 'openai.keys: at least one key is needed'],
  [
    'a chain without its provider',
    { openai, chains: { 'openai/gpt-4o': ['anthropic/claude'] } },
    'chains["openai/gpt-4o"][0]: no provider has the name "anthropic"; there are openai',
  ],
  ['a chain of nothing', { openai, chains: { 'openai/gpt-4o': [] } }, 'chains["openai/gpt-4o"]: must not be empty'],
  [
    'a model that no key is for',
    { openai, chains: { 'openai/gpt-5': ['openai/gpt-4o'] } },
    'chains["openai/gpt-5"]: no key of "openai" may be used for the model "gpt-5"; its keys are for gpt-4o*',
  ],
  ['a wrong number', { openai, backoff: { maxAttempts: 0 } }, 'backoff.maxAttempts: must be at least 1, got 0'],
])('%s', (_what, config, message) => {
  const make = () => createClient(config, { env: {} });
  expect(make).toThrow(message);
  expect(make).not.toThrow('sk-secret');
});

test.each<[object, string]>([
  [{ transport: 'fetch' }, 'openai: transport must be a function, got "fetch"'],
  [{ log: 'stdout' }, 'telemetry: log must be a function or an object with info(record), got "stdout"'],
  [{ clock: {} }, 'telemetry: clock must be a Clock, got an object'],
])('%o', (options, message) => expect(() => createClient({ openai }, options)).toThrow(message));
