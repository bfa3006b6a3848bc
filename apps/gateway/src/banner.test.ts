import { expect, test } from 'vitest';
import { configFromObject } from '@x/config';
import { banner } from './banner.ts';
import { demoConfig } from './demo.ts';

const SECRET = 'sk-secret-0123456789';
const provider = { type: 'openai-compatible', baseURL: 'http://127.0.0.1:1', allowPrivateNetwork: true };

test('the example has only providers that there are', () => {
  const config = configFromObject(
    { providers: { bedrock: { ...provider, keys: [{ value: SECRET }] }, mine: provider } },
    {},
  );
  const text = banner({
    url: 'http://localhost:1',
    config,
    source: { kind: 'file', file: 'a.json' },
    targets: ['mine/m'],
  });
  expect(text).toContain('"model": "bedrock/anthropic.claude-3-sonnet-20240229-v1:0",\n  "messages"');
  expect(text).not.toContain('fallbacks');
  expect(text).toMatch(/bedrock +key +bedrock-1\n +mine +keys +no key/);
  expect(text).not.toContain(SECRET);
});

test('a provider of unknown name is tried with a model that the configuration names', () => {
  const config = configFromObject({ providers: { mine: provider } }, {});
  const facts = { url: 'http://localhost:1', config, source: { kind: 'file', file: 'a.json' } } as const;
  expect(banner({ ...facts, targets: ['mine/m'] })).toContain('"model": "mine/m"');
  expect(banner({ ...facts, targets: [] })).toContain('Send requests to /v1/chat/completions');
});

test('the demonstration has a key per simulated one', () => {
  const { providers } = demoConfig('http://127.0.0.1:9');
  expect(Object.keys(providers)).toEqual(['openai', 'anthropic', 'bedrock']);
  expect(providers['bedrock']).toMatchObject({ type: 'bedrock', baseURL: 'http://127.0.0.1:9/bedrock' });
});

test('where callers need a key of ours, how one is made, and where it goes', () => {
  const config = configFromObject({ providers: { mine: provider }, governance: {} }, {});
  const facts = { url: 'http://localhost:1', config, targets: ['mine/m'] };
  const text = banner({ ...facts, source: { kind: 'file', file: 'a.json' } });
  expect(text).toContain('x-gateway keys create --name NAME --config a.json');
  expect(text).toContain('-H "Authorization: Bearer $VIRTUAL_KEY" -H "Content-Type: application/json"');
});
