import { createContext } from '@x/core';
import { describe, expect, test } from 'vitest';
import { CHAT, keyed, KEY, request } from '../testing/calls.ts';
import { fakeTransport, json } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';
import { azure } from './azure.ts';

const COMPLETE = fixture('openai-chat/complete.json');
const RESOURCE = 'https://mine.openai.azure.com';

describe('the address', () => {
  test.each([RESOURCE, `${RESOURCE}/`, `${RESOURCE}/openai`, `${RESOURCE}/openai/v1/`])(
    'of %s is /openai/v1, with the deployment in the body',
    async (baseURL) => {
      const transport = fakeTransport(json(COMPLETE));
      await azure({ baseURL, transport })(request({ ...CHAT, model: 'azure/my-gpt' }), keyed());
      expect(transport.requests[0]?.url).toBe(`${RESOURCE}/openai/v1/chat/completions`);
      expect(JSON.parse(new TextDecoder().decode(transport.requests[0]?.body as Uint8Array))).toMatchObject({
        model: 'my-gpt',
      });
      expect(transport.requests[0]?.headers).toMatchObject({ 'api-key': KEY });
      expect(transport.requests[0]?.headers).not.toHaveProperty('authorization');
    },
  );

  test('of Responses is beside it, where the version is not dated', async () => {
    const transport = fakeTransport(json(fixture('openai-responses/complete.json')));
    const ask = request({ model: 'azure/my-gpt', input: 'Hi', store: true }, 'openai.responses');
    await azure({ baseURL: RESOURCE, transport })(ask, keyed());
    expect(transport.requests[0]?.url).toBe(`${RESOURCE}/openai/v1/responses`);
    const dated = fakeTransport(json(COMPLETE));
    await azure({ baseURL: RESOURCE, apiVersion: '2024-10-21', transport: dated })(ask, keyed());
    expect(dated.requests[0]?.url).toContain('/my-gpt/chat/completions?');
  });

  test('with a dated version names the deployment', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const handler = azure({ baseURL: RESOURCE, apiVersion: '2024-10-21', transport });
    await handler(request({ ...CHAT, model: 'azure/my gpt/4' }), keyed());
    expect(transport.requests[0]?.url).toBe(
      `${RESOURCE}/openai/deployments/my%20gpt%2F4/chat/completions?api-version=2024-10-21`,
    );
  });

  test('takes no version that is none', () => {
    expect(() => azure({ baseURL: RESOURCE, apiVersion: 'v1&x=1' })).toThrow('apiVersion must be a date');
  });
});

describe('a token', () => {
  test('is asked for on each call and goes out instead of a key', async () => {
    const transport = fakeTransport(json(COMPLETE));
    let count = 0;
    const handler = azure({ baseURL: RESOURCE, transport, token: async () => `token-${(count += 1)}` });
    await handler(request(CHAT), createContext());
    await handler(request(CHAT), createContext());
    expect(transport.requests.map(({ headers }) => headers['authorization'])).toEqual([
      'Bearer token-1',
      'Bearer token-2',
    ]);
    expect(transport.requests[0]?.headers).not.toHaveProperty('api-key');
  });

  test('that cannot be had is an authentication error with the name of the provider', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const handler = azure({ baseURL: RESOURCE, transport, token: () => Promise.reject(new Error('no identity')) });
    const error = await rejection(handler(request(CHAT), createContext()));
    expect(error).toMatchObject({ kind: 'authentication', code: 'missing_credential' });
    expect(error.message).toBe('azure: no access token: no identity');
    expect(transport.requests).toEqual([]);
  });
});
