import { CHAIN, createContext, PipelineError, type Context, type LlmRequest, type LlmResponse } from '@x/core';
import { chatCompletion, chatStream, contract } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { complete, request } from '../../testing/calls.ts';
import { rejection } from '../../testing/rejection.ts';
import { countEstimates } from './count-estimates.ts';

const COUNT = request({ model: 'a/m', messages: [{ role: 'user', content: 'Hi' }] }, 'anthropic.count_tokens');

describe('the contract', () => {
  const subject = {
    layer: () => countEstimates({ estimate: () => 1, counts: () => true }),
    request: () => request({ model: 'a/m', messages: [] }),
    respond: () => chatStream(),
  };
  for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) test(name, run);
});

function site(next: () => Promise<LlmResponse>, counts = true) {
  const contexts: Context[] = [];
  const layer = countEstimates({ estimate: () => 42, counts: () => counts });
  const handler = layer((_request, context) => {
    contexts.push(context);
    return next();
  });
  return { handler, contexts };
}

const fails = (kind: PipelineError['kind'], code?: string) => () =>
  Promise.reject(new PipelineError(kind, 'no', code === undefined ? {} : { code }));

test('a target that counts is asked, and it alone', async () => {
  const answer = chatCompletion();
  const { handler, contexts } = site(async () => answer);
  expect(await handler(COUNT, createContext())).toBe(answer);
  expect(contexts[0]?.get(CHAIN)).toEqual([COUNT.target]);
});

test('one that does not is not', async () => {
  const { handler, contexts } = site(fails('server_error'), false);
  const answer = complete(await handler(COUNT, createContext()));
  expect(answer).toMatchObject({ target: COUNT.target, headers: { 'x-gateway-estimated': 'input_tokens' } });
  expect(answer.body.value).toEqual({ input_tokens: 42 });
  expect(contexts).toEqual([]);
});

test.each(['rate_limited', 'pool_exhausted', 'network', 'model_not_found'] as const)(
  '%s is no answer',
  async (kind) => {
    const answer = complete(await site(fails(kind)).handler(COUNT, createContext()));
    expect(answer.body.value).toEqual({ input_tokens: 42 });
  },
);

test.each([
  ['invalid_request', undefined],
  ['authentication', undefined],
  ['model_not_found', 'no_key_for_model'],
] as const)('%s %s is told', async (kind, code) => {
  expect(await rejection(site(fails(kind, code)).handler(COUNT, createContext()))).toMatchObject({ kind });
});

test('a caller that has left is not answered', async () => {
  const leave = new AbortController();
  const { handler } = site(async () => {
    leave.abort();
    throw new PipelineError('network', 'reset');
  });
  await expect(handler(COUNT, createContext({ signal: leave.signal }))).rejects.toThrow('reset');
});
