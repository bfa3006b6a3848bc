import { describe, expect, test } from 'vitest';
import type { Handler, LlmRequest, LlmResponse } from '@x/core';
import { chatCompletion, scripted } from '@x/core/testing';
import { anthropic } from './anthropic/anthropic.ts';
import { findDefaults, PROVIDER_DEFAULTS, type ProviderDefaults } from './defaults/provider-defaults.ts';
import { refusedURL } from './network/reach.ts';
import { openaiCompatible } from './openai-compatible/openai-compatible.ts';
import { openai } from './openai/openai.ts';
import { providers } from './providers.ts';
import { CHAT, complete, keyed, request } from './testing/calls.ts';
import { fakeTransport, json } from './testing/fake-transport.ts';
import { fixture } from './testing/fixture.ts';
import { rejection } from './testing/rejection.ts';
import { undiciTransport } from './transport/undici-transport.ts';

describe('bad options name themselves and their value', () => {
  test.each<[() => unknown, string]>([
    [() => openai({ baseURL: 'api.openai.com' }), 'openai: baseURL must be an http(s) URL, got "api.openai.com"'],
    [() => openai({ name: ' ' }), 'openai: name must be a non-empty string'],
    [() => openai({ credential: '' }), 'openai: credential must be a non-empty string'],
    [() => anthropic({ maxEventChars: 0 }), 'anthropic: maxEventChars must be a whole number of at least 1, got 0'],
    [() => anthropic({ maxErrorBytes: 1.5 }), 'anthropic: maxErrorBytes must be a whole number of at least 1, got 1.5'],
    [
      () => openaiCompatible({ name: 'mine' }),
      'openaiCompatible: baseURL must be given for "mine", which is no known host with one',
    ],
    [
      () => openaiCompatible({ name: 'groq', dialects: ['anthropic.messages'] as never }),
      'openaiCompatible: dialects must be among openai.chat, openai.responses, got "anthropic.messages"',
    ],
    [() => openaiCompatible({ name: 'groq', dialects: [] }), 'openaiCompatible: dialects must hold at least one'],
    [() => openaiCompatible({ name: 'anthropic' }), 'openaiCompatible: baseURL must be given for "anthropic"'],
    [() => providers({}), 'providers: give at least one handler'],
    [
      () => providers({ a: 5 as unknown as Handler<LlmRequest, LlmResponse> }),
      'providers: a must be a handler, got number',
    ],
    [
      () => undiciTransport({ connections: 0 }),
      'undiciTransport: connections must be a whole number of at least 1, got 0',
    ],
    [() => undiciTransport({ bodyTimeoutMs: -1 }), 'undiciTransport: bodyTimeoutMs must be a number above 0, got -1'],
  ])('%s', (make, message) => {
    expect(make).toThrow(message);
  });
});

describe('a base URL', () => {
  const url = async (make: typeof openai, baseURL: string, answer: string) => {
    const transport = fakeTransport(json(fixture(answer)));
    await make({ baseURL, transport })(request(CHAT), keyed());
    return transport.requests[0]?.url;
  };

  test('may end in a slash', async () => {
    expect(await url(openai, 'http://x.test/v1/', 'openai-chat/complete.json')).toBe(
      'http://x.test/v1/chat/completions',
    );
  });

  test.each(['http://x.test', 'http://x.test/', 'http://x.test/v1', 'http://x.test/v1/'])(
    'of Anthropic: %s',
    async (base) => {
      expect(await url(anthropic, base, 'anthropic-messages/complete.json')).toBe('http://x.test/v1/messages');
    },
  );
});

test('a handler is named after its provider, so that a stack trace reads', () => {
  expect(openai().name).toBe('openai');
  expect(openaiCompatible({ name: 'groq' }).name).toBe('groq');
  expect(openai({ name: 'openai-eu' }).name).toBe('openai-eu');
});

describe('providers', () => {
  test('calls the one that the target names', async () => {
    const a = scripted<LlmRequest, LlmResponse>(chatCompletion({ text: 'from a' }));
    const b = scripted<LlmRequest, LlmResponse>(chatCompletion({ text: 'from b' }));
    const answer = complete(await providers({ a, b })(request({ ...CHAT, model: 'b/m' }), keyed()));
    expect(answer.body.value).toMatchObject({ choices: [{ message: { content: 'from b' } }] });
    expect(a.calls).toEqual([]);
  });

  test.each(['nobody', '__proto__', 'constructor', 'toString'])('does not know %s', async (provider) => {
    const a = scripted<LlmRequest, LlmResponse>(chatCompletion());
    const error = await rejection(providers({ a })({ ...request(CHAT), target: { provider, model: 'm' } }, keyed()));
    expect(error).toMatchObject({ kind: 'invalid_request', code: 'unknown_provider', param: 'model' });
    expect(error.message).toBe(`unknown provider "${provider}"; there are a`);
  });
});

describe('known providers', () => {
  test.each(Object.entries<ProviderDefaults>(PROVIDER_DEFAULTS))('%s', (name, row) => {
    const { baseURL, keyEnv, local = false } = row;
    expect(baseURL ?? 'https://your-own').toMatch(local ? /^http:.*[^/]$/ : /^https:.*[^/]$/);
    expect(baseURL !== undefined && refusedURL(baseURL, false) !== undefined).toBe(local);
    expect(keyEnv ?? 'NO_API_KEY').toMatch(/^[A-Z_]+_(?:API_KEY|TOKEN|BEDROCK)$/);
    expect(keyEnv === undefined).toBe(local);
    expect(findDefaults(name)).toBe(row);
  });

  test('nothing else', () => {
    expect(findDefaults('nobody')).toBeUndefined();
    expect(findDefaults('constructor')).toBeUndefined();
  });
});
