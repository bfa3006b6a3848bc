import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTarget, parseTarget, targetOf } from './target.ts';

test.each([
  ['openai/gpt-4o-mini', 'openai', 'gpt-4o-mini'],
  ['bedrock/anthropic.claude-3-sonnet-20240229-v1:0', 'bedrock', 'anthropic.claude-3-sonnet-20240229-v1:0'],
  ['together/meta-llama/Llama-3-70b', 'together', 'meta-llama/Llama-3-70b'],
])('%s is split at the first slash', (text, provider, model) => {
  expect(parseTarget(text, 'model')).toEqual({ provider, model });
});

test('formatting undoes parsing', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[^/]+$/), fc.string({ minLength: 1 }), (provider, model) => {
      expect(formatTarget(parseTarget(`${provider}/${model}`, 'model'))).toBe(`${provider}/${model}`);
    }),
  );
});

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [7, '7'],
  [7n, '7'],
  ['gpt-4o', '"gpt-4o"'],
  ['/gpt-4o', '"/gpt-4o"'],
  ['openai/', '"openai/"'],
  ['', '""'],
  [['openai/gpt-4o'], 'a list'],
  [{ provider: 'openai' }, 'an object'],
])('case %#: no target, and the error names the field and the value', (value, shown) => {
  expect(() => parseTarget(value, 'fallbacks[1]')).toThrow(
    expect.objectContaining({
      kind: 'invalid_request',
      code: 'invalid_target',
      param: 'fallbacks[1]',
      message: `fallbacks[1] must be "provider/model", got ${shown}`,
    }),
  );
});

test.each([
  ['with its provider', `openai/${'x'.repeat(250)}`],
  ['bare', 'x'.repeat(257)],
])('a name too long for any model is none, so that metrics, logs and headers stay short: %s', (_what, text) => {
  expect(() => parseTarget(text, 'model', 'openai')).toThrow(
    expect.objectContaining({
      code: 'invalid_target',
      param: 'model',
      message: 'model must have at most 256 characters, got 257',
    }),
  );
  expect(parseTarget(text.slice(1), 'model', 'openai').model.length).toBeGreaterThan(240);
});

test('the message stays short whatever the caller sent', () => {
  expect(() => parseTarget('x'.repeat(10_000_000), 'model')).toThrow(/^.{1,200}$/s);
});

test.each([undefined, null, 'text', {}, { target: undefined }, { target: 'openai/gpt-4o' }, { target: {} }])(
  '%j has no target',
  (request) => {
    expect(targetOf(request)).toBeUndefined();
  },
);

test('a request of any type may have a target', () => {
  const target = { provider: 'openai', model: 'gpt-4o' };
  expect(targetOf({ target, more: 1 })).toBe(target);
});
