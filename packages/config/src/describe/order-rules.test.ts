import { backoff } from '@x/backoff';
import { CREDENTIAL, described, pipeline, type LlmRequest, type LlmResponse, type Middleware } from '@x/core';
import { breaker, fallback, hedge, route } from '@x/fallback';
import { createPool, keypool } from '@x/keypool';
import { openai, providers, vertex } from '@x/providers';
import { resume } from '@x/streams';
import { describe, expect, test } from 'vitest';
import { checkPipeline, ORDER_RULES, pipelineProblems } from './order-rules.ts';

type Layer = Middleware<LlmRequest, LlmResponse>;

const transport = async () => Promise.reject(new Error('not called'));
const pool = createPool({ name: 'openai', keys: [{ value: 'sk-1' }] });
const keys: Layer = keypool({ pools: { openai: pool } });
const stand = (name: string): Layer => described((next) => (request, context) => next(request, context), { name });
const withKey = openai({ credential: 'sk-1', transport });
const problems = (layers: Layer[], handler = withKey) => pipelineProblems(pipeline(layers, handler));

describe('a provider without a key', () => {
  const bare = openai({ transport });
  const lacks = (need: string) =>
    `${need === 'credential' ? 'openai' : 'providers'} needs "${need}", which no layer above it gives`;

  test('is named, unless a pool or an option has one', () => {
    expect(problems([backoff()], bare)).toEqual([lacks('credential')]);
    expect(problems([backoff(), keys], bare)).toEqual([]);
    expect(problems([backoff()])).toEqual([]);
    expect(problems([], vertex({ project: 'p', transport, accessToken: () => 'token' }))).toEqual([]);
  });

  test('is named among others, by the name that its requests bear', () => {
    const both = providers({ openai: bare, second: openai({ transport }), third: withKey });
    expect(problems([keys], both)).toEqual([lacks('credential:second')]);
    expect(problems([], providers({ openai: pipeline([keys], bare) }))).toEqual([]);
  });

  test('may have it from a layer of one`s own', () => {
    const own: Layer = (next) => (request, context) =>
      next(request, context.with({}, CREDENTIAL.of({ name: 'mine', value: 'sk-1' })));
    expect(problems([own], bare)).toEqual([]);
    expect(problems([described(own, { name: 'own', gives: ['credential'] })], bare)).toEqual([]);
  });
});

describe('an order that cannot work', () => {
  const chain = route();
  const resumes = resume({ dialects: () => undefined });
  test.each<[string, Layer[], string]>([
    [
      'the record begins too late',
      [fallback(), stand('telemetry.request')],
      'telemetry.request must stand above fallback',
    ],
    ['resume would not know the chain', [resumes, chain], 'route must stand above resume'],
    ['nobody to authorize', [stand('authorize'), stand('identify')], 'identify must stand above authorize'],
    ['resume below fallback', [fallback(), resumes], 'resume must stand above fallback'],
    ['a hedge with nobody else to ask', [chain, hedge()], 'hedge must stand above fallback or keypool'],
    ['breaker outside of fallback', [breaker(), fallback()], 'fallback must stand above breaker'],
    ['one key for all providers', [keys, fallback()], 'fallback must stand above keypool'],
    ['attempts without their key', [stand('telemetry.attempt'), keys], 'keypool must stand above telemetry.attempt'],
  ])('%s', (_what, layers, message) => {
    expect(problems(layers)).toEqual([expect.stringContaining(`${message}: `)]);
    expect(() => checkPipeline(pipeline(layers, withKey))).toThrow(`the pipeline cannot work: ${message}`);
  });

  test('every rule has been broken here', () => {
    expect(ORDER_RULES).toHaveLength(8);
  });

  test('other orders are everyone`s own choice', () => {
    expect(problems([backoff(), chain, fallback(), keys])).toEqual([]);
    expect(problems([hedge(), keys])).toEqual([]);
    expect(problems([breaker(false), fallback()])).toEqual([]);
    const handler = pipeline([chain], withKey);
    expect(checkPipeline(handler)).toBe(handler);
  });
});
