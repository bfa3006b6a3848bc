import type { LlmRequest, LlmResponse } from '@x/core';
import { chatCompletion, scripted } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { gateway } from '../../test/support/gateway.ts';
import { get, post } from '../../test/support/raw-client.ts';

const BODY = '{"messages":[{"role":"user","content":[{"text":"a"}]}],"big":12345678901234567890}';

async function asked(path: string, body = BODY, defaultProviders = { 'bedrock.converse': 'bedrock' } as object) {
  const handler = scripted<LlmRequest, LlmResponse>(chatCompletion());
  const { client } = await gateway(handler, { defaultProviders });
  const response = await client().send(post(path, body)).response();
  return { response, request: handler.calls[0]?.request };
}

describe('the path names the model and tells a stream', () => {
  test.each([
    ['/bedrock/model/anthropic.claude-v2%3A1/converse', 'bedrock', 'anthropic.claude-v2:1', false],
    ['/bedrock/model/anthropic.claude-v2:1/converse-stream', 'bedrock', 'anthropic.claude-v2:1', true],
    ['/bedrock/model/openai%2Fgpt-4o/converse', 'openai', 'gpt-4o', false],
    ['/bedrock/model/openai/gpt-4o/converse?x=1', 'openai', 'gpt-4o', false],
    [
      '/bedrock/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A1%3Ainference-profile%2Fus.x/converse',
      'bedrock',
      'arn:aws:bedrock:us-east-1:1:inference-profile/us.x',
      false,
    ],
    ['/bedrock/model/bedrock%2Farn%3Aaws%3Ab%2Fc/converse', 'bedrock', 'arn:aws:b/c', false],
  ])('%s', async (path, provider, model, stream) => {
    const { request } = await asked(path);
    expect(request).toMatchObject({ dialect: 'bedrock.converse', target: { provider, model }, stream });
    expect(Buffer.from(request?.body.bytes ?? []).toString()).toBe(BODY);
  });

  test('the body has no say in it', async () => {
    const { request } = await asked('/bedrock/model/m/converse', '{"messages":[],"stream":true,"model":"other/x"}');
    expect(request).toMatchObject({ stream: false, target: { provider: 'bedrock', model: 'm' } });
  });
});

describe('mistakes are told as AWS does', () => {
  test.each([
    ['a name that is not escaped as it should be', '/bedrock/model/%zz/converse', BODY, 400],
    ['a body that is no JSON', '/bedrock/model/m/converse', '{', 400],
    ['an operation that is not served', '/bedrock/model/m/invoke', BODY, 404],
    ['no model', '/bedrock/model//converse', BODY, 404],
  ])('%s', async (_what, path, body, status) => {
    const { response, request } = await asked(path, body);
    expect(response.status).toBe(status);
    expect(response.headers['x-amzn-errortype']).toBe('ValidationException');
    expect(JSON.parse(response.body)).toEqual({ message: expect.any(String) });
    expect(request).toBeUndefined();
  });

  test('a bare name, where there is no Bedrock', async () => {
    const { response } = await asked('/bedrock/model/m/converse', BODY, {});
    expect(response).toMatchObject({ status: 400 });
    expect(response.body).toContain('provider/model');
  });

  test('another method', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const response = await client().send(get('/bedrock/model/m/converse')).response();
    expect(response).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});
