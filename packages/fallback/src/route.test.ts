import { createContext, createLlmRequest, JsonBody, type JsonObject, type LlmRequest, type LlmStream } from '@x/core';
import { chatRequest, chatStream, contract, scripted } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { CHAIN } from './chain.ts';
import { route } from './route.ts';
import type { RouteOptions } from './route-options.ts';

describe('contract', () => {
  const chains = { 'openai/gpt-4o-mini': ['anthropic/claude-sonnet-4-5'] };
  const subject = { layer: () => route({ chains }), request: chatRequest, respond: chatStream };
  for (const { name, run } of contract<LlmRequest, LlmStream>(subject)) test(name, run);
});

/** The chain that an inner layer sees, as text; undefined for none. */
async function routed(options: RouteOptions, body: JsonObject): Promise<string[] | undefined> {
  const request = createLlmRequest({ dialect: 'openai.chat', body: JsonBody.of(body) });
  const inner = scripted<LlmRequest, string>('answer');
  await route(options)(inner)(request, createContext());
  expect(inner.calls[0]?.request).toBe(request);
  return inner.calls[0]?.context.get(CHAIN)?.map(({ provider, model }) => `${provider}/${model}`);
}

const chains = { 'openai/gpt': ['anthropic/claude', 'bedrock/anthropic/claude:0'] };

describe('route', () => {
  test("a request's own fallbacks win over the chain of its model", async () => {
    expect(await routed({ chains }, { model: 'openai/gpt', fallbacks: ['groq/llama'] })).toEqual([
      'openai/gpt',
      'groq/llama',
    ]);
  });

  test('without its own it gets the chain of its model', async () => {
    const whole = ['openai/gpt', 'anthropic/claude', 'bedrock/anthropic/claude:0'];
    expect(await routed({ chains }, { model: 'openai/gpt' })).toEqual(whole);
    expect(await routed({ chains }, { model: 'openai/gpt', fallbacks: null })).toEqual(whole);
  });

  test('an empty list of its own means none', async () => {
    expect(await routed({ chains }, { model: 'openai/gpt', fallbacks: [] })).toBeUndefined();
  });

  test('duplicates are dropped, the primary among them', async () => {
    const fallbacks = ['a/b', 'openai/gpt', 'a/b', 'c/d'];
    expect(await routed({}, { model: 'openai/gpt', fallbacks })).toEqual(['openai/gpt', 'a/b', 'c/d']);
  });

  test('a target alone needs no chain, and the context stays as it is', async () => {
    const context = createContext();
    const inner = scripted<LlmRequest, string>('answer');
    await route({ chains })(inner)(chatRequest({ model: 'x/y', fallbacks: ['x/y'] }), context);
    expect(inner.calls[0]?.context).toBe(context);
  });

  test('too many fallbacks are refused by name; duplicates do not count', async () => {
    const many = Array.from({ length: 8 }, (_, index) => `p/m${index}`);
    await expect(routed({}, { model: 'openai/gpt', fallbacks: many })).rejects.toMatchObject({
      kind: 'invalid_request',
      code: 'too_many_fallbacks',
      param: 'fallbacks',
      message: expect.stringContaining('at most 8 targets'),
    });
    const seven = [...many.slice(0, 7), ...many.slice(0, 7)];
    expect(await routed({}, { model: 'openai/gpt', fallbacks: seven })).toHaveLength(8);
  });

  test('a provider that is not there is refused with the names of those that are', async () => {
    const providers = ['openai', 'anthropic'];
    await expect(routed({ providers }, { model: 'opnai/gpt' })).rejects.toMatchObject({
      kind: 'model_not_found',
      code: 'unknown_provider',
      param: 'model',
      message: 'model names the provider "opnai"; known are openai, anthropic',
    });
    const fallbacks = ['anthropic/claude', 'bedrock/claude'];
    await expect(routed({ providers }, { model: 'openai/gpt', fallbacks })).rejects.toMatchObject({
      param: 'fallbacks[1]',
    });
    expect(await routed({ providers }, { model: 'openai/gpt', fallbacks: ['anthropic/c'] })).toHaveLength(2);
  });

  test('an inner layer is never asked for a request that is refused', async () => {
    const inner = scripted<LlmRequest, string>('answer');
    const call = route({ providers: [] })(inner)(chatRequest(), createContext());
    await expect(call).rejects.toMatchObject({ message: expect.stringContaining('known are none') });
    expect(inner.calls).toHaveLength(0);
  });

  test('refuses chains that make no sense, naming them', () => {
    const made = (options: unknown) => () => route(options as RouteOptions);
    expect(made({ chains: { gpt: ['a/b'] } })).toThrow(
      'route: the key of chains["gpt"] must be "provider/model", got "gpt"',
    );
    expect(made({ chains: { 'a/b': ['c/d', 'e'] } })).toThrow(
      'route: chains["a/b"][1] must be "provider/model", got "e"',
    );
    expect(made({ chains: { 'a/b': 'c/d' } })).toThrow('route: chains["a/b"] must be a list');
    expect(made({ chains: { 'a/b': ['c/d'] }, providers: ['a'] })).toThrow(
      'chains["a/b"][0] names the provider "c", not one of a',
    );
    expect(made({ chains: { 'a/b': ['c/d', 'e/f'] }, maxTargets: 2 })).toThrow(
      'makes 3 targets, more than maxTargets 2',
    );
    expect(made({ moveOnAfter: { 'a/b': ['timeout'] } })).toThrow(
      'route: moveOnAfter["a/b"] takes content_filter, limit_exceeded and budget_exceeded, got "timeout"',
    );
    expect(made({ moveOnAfter: { gpt: [] } })).toThrow('route: the key of moveOnAfter["gpt"]');
    expect(made({ maxTargets: 0 })).toThrow('route: maxTargets must be a whole number of at least 1, got 0');
    expect(made({ providers: 'openai' })).toThrow('route: providers must be a list of names');
  });
});
