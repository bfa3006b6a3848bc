import { createContext } from '@x/core';
import { describe, expect, test } from 'vitest';
import { parse, read } from '../../test/harness.ts';
import { createSimulator } from '../simulator.ts';

const { transport } = createSimulator({
  providers: { openai: {}, anthropic: {}, gemini: {}, bedrock: {}, cohere: {}, vertex: { style: 'gemini' } },
});

async function ask(path: string, body: object) {
  const headers = { authorization: 'Bearer key-1', 'content-type': 'application/json' };
  const request = { method: 'POST', url: `http://simulator${path}`, headers, body: JSON.stringify(body) };
  const { status, text } = await read(await transport(request, createContext()));
  return { status, body: parse(text) };
}

const text = (value: string) => ({ content: { parts: [{ text: value }] } });
const ALL = ['alpha', 'beta'];

test.each<[string, object, string]>([
  ['/openai/v1/embeddings', { model: 'm', input: ALL, dimensions: 4 }, 'data.0.embedding'],
  ['/gemini/v1beta/models/m:embedContent', { ...text('alpha'), outputDimensionality: 4 }, 'embedding.values'],
  [
    '/gemini/v1beta/models/m:batchEmbedContents',
    { requests: ALL.map((each) => ({ model: 'models/m', ...text(each), outputDimensionality: 4 })) },
    'embeddings.0.values',
  ],
  [
    '/vertex/v1/models/m:predict',
    { instances: [{ content: 'alpha' }], parameters: { outputDimensionality: 4 } },
    'predictions.0.embeddings.values',
  ],
  ['/bedrock/model/amazon.titan-embed-text-v2%3A0/invoke', { inputText: 'alpha', dimensions: 4 }, 'embedding'],
  [
    '/bedrock/model/cohere.embed-v4%3A0/invoke',
    { texts: ALL, input_type: 'search_query', output_dimension: 4 },
    'embeddings.float.0',
  ],
  [
    '/cohere/v2/embed',
    { model: 'm', texts: ALL, input_type: 'search_query', output_dimension: 4 },
    'embeddings.float.0',
  ],
])('%s gives the same text the same vector', async (path, body, place) => {
  const answer = await ask(path, body);
  expect(answer.status).toBe(200);
  const vector = place
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], answer.body);
  expect(vector).toHaveLength(4);
  const again = await ask('/openai/v1/embeddings', { model: 'm', input: 'alpha', dimensions: 4 });
  expect(vector).toEqual(again.body['data']?.[0]?.['embedding']);
});

test.each<[string, object, string]>([
  [
    '/anthropic/v1/messages/count_tokens',
    { model: 'm', messages: [{ role: 'user', content: 'x'.repeat(400) }] },
    'input_tokens',
  ],
  ['/gemini/v1beta/models/m:countTokens', { contents: [{ parts: [{ text: 'x'.repeat(400) }] }] }, 'totalTokens'],
  [
    '/bedrock/model/m/count-tokens',
    { input: { converse: { messages: [{ role: 'user', content: [{ text: 'x'.repeat(400) }] }] } } },
    'inputTokens',
  ],
  ['/openai/v1/responses/input_tokens', { model: 'm', input: 'x'.repeat(400) }, 'input_tokens'],
])('%s counts', async (path, body, name) => {
  expect(await ask(path, body)).toMatchObject({ status: 200, body: { [name]: 100 } });
});

describe('what is not as it should be', () => {
  test.each<[string, object, string]>([
    ['/openai/v1/embeddings', { model: 'm', input: [] }, 'empty array'],
    ['/openai/v1/embeddings', { input: 'a' }, 'model'],
    ['/gemini/v1beta/models/m:embedContent', { ...text('a'), model: 'models/other' }, 'not the model in the path'],
    ['/gemini/v1beta/models/m:batchEmbedContents', { requests: [text('a')] }, 'must name the model'],
    ['/cohere/v2/embed', { model: 'm', texts: ['a'] }, 'input_type'],
    ['/bedrock/model/amazon.titan-embed-text-v2%3A0/invoke', { texts: ['a'] }, 'inputText'],
    ['/anthropic/v1/messages/count_tokens', { model: 'm', messages: [], max_tokens: 1 }, 'Extra inputs'],
  ])('%s %j', async (path, body, why) => {
    const answer = await ask(path, body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(why);
  });
});
