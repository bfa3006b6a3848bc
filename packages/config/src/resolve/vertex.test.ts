import { expect, test } from 'vitest';
import { assemble } from '../assemble/assemble.ts';
import { configFromObject } from '../parse-config.ts';

const providersOf = (providers: object, env = {}) => configFromObject({ providers }, env).providers;

test('Vertex needs a project and no keys', async () => {
  const vertex = { project: 'env.PROJECT', location: 'europe-west4' };
  const config = configFromObject({ providers: { vertex } }, { PROJECT: 'p' });
  expect(config.providers['vertex']).toMatchObject({
    type: 'vertex',
    baseURL: 'https://europe-west4-aiplatform.googleapis.com/v1',
    project: 'p',
    location: 'europe-west4',
    keys: [],
  });
  await assemble(config).close();
});

test('or keys and no project', async () => {
  const config = configFromObject({ providers: { vertex: { keys: [{ value: 'AIza-1' }] } } }, {});
  expect(config.providers['vertex']).toMatchObject({ baseURL: 'https://aiplatform.googleapis.com/v1' });
  await assemble(config).close();
});

test.each([
  [{ vertex: {} }, 'project: is needed for a provider without keys'],
  [{ vertex: { project: 'a/b' } }, 'must be a name of Google Cloud'],
  [{ vertex: { project: 'env.NONE' } }, 'NONE, which is not set'],
  [{ gemini: { project: 'p', keys: [{ value: 'x' }] } }, 'belongs to providers of type "vertex"'],
  [{ gemini: { type: 'openai-compatible', keys: [{ value: 'x' }] } }, 'baseURL: is needed'],
])('%j is refused: %s', (providers, problem) => {
  expect(() => providersOf(providers)).toThrow(problem);
});

test('Gemini is spoken to in its own dialect, and over its OpenAI surface by another name', () => {
  const env = { GEMINI_API_KEY: 'AIza-1' };
  expect(providersOf({ gemini: {}, 'gemini-openai': {} }, env)).toMatchObject({
    gemini: { type: 'gemini', baseURL: 'https://generativelanguage.googleapis.com/v1beta' },
    'gemini-openai': {
      type: 'openai-compatible',
      baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai',
    },
  });
});
