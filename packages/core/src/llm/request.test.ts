import { expect, test } from 'vitest';
import { JsonBody, type JsonObject } from './json-body.ts';
import { createLlmRequest } from './request.ts';

const read = (body: JsonObject, model?: string) =>
  createLlmRequest({ dialect: 'openai.chat', body: JsonBody.of(body), ...(model === undefined ? {} : { model }) });

test('reads the target, the fallbacks and whether to stream', () => {
  const body = { model: 'openai/gpt-4o', stream: true, fallbacks: ['anthropic/claude', 'bedrock/meta/llama'], n: 1 };
  expect(read(body)).toMatchObject({
    dialect: 'openai.chat',
    target: { provider: 'openai', model: 'gpt-4o' },
    fallbacks: [
      { provider: 'anthropic', model: 'claude' },
      { provider: 'bedrock', model: 'meta/llama' },
    ],
    stream: true,
    headers: {},
  });
});

test.each([{}, { stream: null, fallbacks: null }, { stream: false, fallbacks: [] }])(
  '%j: no stream, no fallbacks',
  (rest) => {
    expect(read({ model: 'openai/gpt-4o', ...rest })).toMatchObject({ stream: false, fallbacks: [] });
  },
);

test('takes how to answer from elsewhere where the dialect has it in its path', () => {
  const body = JsonBody.of({ model: 'a/b', stream: false });
  expect(createLlmRequest({ dialect: 'gemini.generate', body, stream: true }).stream).toBe(true);
});

test('takes the model from elsewhere where the dialect has it in its path', () => {
  expect(read({}, 'gemini/flash').target).toEqual({ provider: 'gemini', model: 'flash' });
  expect(read({ model: 'a/b' }, 'gemini/flash').target.provider).toBe('gemini');
});

test.each<[JsonObject, string]>([
  [{}, 'model'],
  [{ model: null }, 'model'],
  [{ model: 'gpt-4o' }, 'model'],
  [{ model: ['openai/gpt-4o'] }, 'model'],
  [{ model: 'a/b', stream: 'true' }, 'stream'],
  [{ model: 'a/b', stream: 1 }, 'stream'],
  [{ model: 'a/b', fallbacks: 'c/d' }, 'fallbacks'],
  [{ model: 'a/b', fallbacks: { 0: 'c/d' } }, 'fallbacks'],
  [{ model: 'a/b', fallbacks: ['c/d', 7] }, 'fallbacks[1]'],
  [{ model: 'a/b', fallbacks: ['c/d', null] }, 'fallbacks[1]'],
  [{ model: 'a/b', fallbacks: [['c/d']] }, 'fallbacks[0]'],
])('%j is refused, and the error names the field', (body, param) => {
  expect(() => read(body)).toThrow(
    expect.objectContaining({ kind: 'invalid_request', param, message: expect.stringContaining(`${param} must be `) }),
  );
});

test('a body that carries its members in a prototype has none', () => {
  const body = JsonBody.parse(new TextEncoder().encode('{"__proto__":{"model":"a/b","stream":true}}'));
  expect(() => createLlmRequest({ dialect: 'openai.chat', body })).toThrow(expect.objectContaining({ param: 'model' }));
});

const resolveModel = (name: string) =>
  name === 'smart'
    ? ([
        { provider: 'anthropic', model: 'claude' },
        { provider: 'openai', model: 'gpt-4o' },
      ] as const)
    : undefined;
const resolved = (body: JsonObject) =>
  createLlmRequest({ dialect: 'openai.chat', body: JsonBody.of(body), resolveModel, defaultProvider: 'openai' });

test('a name without a slash may stand for a chain; what the request says itself wins', () => {
  const claude = { provider: 'anthropic', model: 'claude' };
  expect(resolved({ model: 'smart' })).toMatchObject({
    target: claude,
    fallbacks: [{ provider: 'openai', model: 'gpt-4o' }],
  });
  expect(resolved({ model: 'smart', fallbacks: null }).fallbacks).toHaveLength(1);
  expect(resolved({ model: 'smart', fallbacks: [] })).toMatchObject({ target: claude, fallbacks: [] });
  expect(resolved({ model: 'a/b', fallbacks: ['c/d', 'smart'] }).fallbacks).toEqual([
    { provider: 'c', model: 'd' },
    claude,
    { provider: 'openai', model: 'gpt-4o' },
  ]);
});

test('a name that means nothing is a model of the default provider, and no fallback', () => {
  expect(resolved({ model: 'other' }).target).toEqual({ provider: 'openai', model: 'other' });
  expect(resolved({ model: 'x/smart' }).target).toEqual({ provider: 'x', model: 'smart' });
  expect(() => resolved({ model: 'a/b', fallbacks: ['other'] })).toThrow('fallbacks[0] must be "provider/model"');
});
