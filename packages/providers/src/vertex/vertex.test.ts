import { describe, expect, test, vi } from 'vitest';
import { createLlmRequest, JsonBody, type JsonObject } from '@x/core';
import { keyed, MESSAGES, request } from '../testing/calls.ts';
import { fakeTransport, json } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';
import { googleToken } from './google-token.ts';
import { vertex } from './vertex.ts';

const ANSWER = json(fixture('gemini-generate/complete.json'));
const CLAUDE = json(fixture('anthropic-messages/complete.json'));
const gemini = (model: string) => {
  const body = JsonBody.of({ model, contents: [{ parts: [{ text: 'Hello' }] }] });
  return createLlmRequest({ dialect: 'gemini.generate', body });
};

const sent = ({ requests: [first] }: ReturnType<typeof fakeTransport>) => ({
  url: first?.url,
  headers: first?.headers,
  body: JSON.parse(typeof first?.body === 'string' ? first.body : new TextDecoder().decode(first?.body)) as JsonObject,
});

describe('Gemini', () => {
  test.each([
    ['global', 'https://aiplatform.googleapis.com/v1/projects/p/locations/global'],
    ['us-central1', 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1'],
    ['eu', 'https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu'],
  ])('in %s, with an access token', async (location, root) => {
    const transport = fakeTransport(ANSWER);
    const handler = vertex({ project: 'p', location, transport, accessToken: () => 'token-1' });
    await handler(gemini('vertex/gemini-2.5-pro'), keyed());
    const { url, headers } = sent(transport);
    expect(url).toBe(`${root}/publishers/google/models/gemini-2.5-pro:generateContent`);
    expect(headers).toMatchObject({ authorization: 'Bearer token-1' });
    expect(headers).not.toHaveProperty('x-goog-api-key');
  });

  test('with an API key, in express mode', async () => {
    const transport = fakeTransport(ANSWER);
    await vertex({ transport, credential: 'AIza' })(gemini('vertex/google/gemini-2.5-pro'), keyed());
    const { url } = sent(transport);
    expect(url).toBe('https://aiplatform.googleapis.com/v1/publishers/google/models/gemini-2.5-pro:generateContent');
  });
});

describe('Claude', () => {
  test.each([
    [false, 'rawPredict'],
    [true, 'streamRawPredict'],
  ])('stream %s: the model stands in the path, and the version in the body', async (stream, method) => {
    const transport = fakeTransport(CLAUDE);
    const handler = vertex({ project: 'p', location: 'us-east5', transport, accessToken: async () => 'token-1' });
    const body = { ...MESSAGES, model: 'vertex/claude-sonnet-4-5@20250929', stream, unknown: 1 };
    await handler(request(body, 'anthropic.messages'), keyed()).catch(() => undefined);
    const got = sent(transport);
    expect(got.url).toBe(
      `https://us-east5-aiplatform.googleapis.com/v1/projects/p/locations/us-east5/publishers/anthropic/models/claude-sonnet-4-5@20250929:${method}`,
    );
    expect(got.body).toEqual({
      messages: MESSAGES.messages,
      max_tokens: MESSAGES.max_tokens,
      stream,
      unknown: 1,
      anthropic_version: 'vertex-2023-10-16',
    });
    expect(got.headers).not.toHaveProperty('anthropic-version');
  });

  test('is spoken to in its own dialect by callers of others', async () => {
    const transport = fakeTransport(CLAUDE);
    const handler = vertex({ project: 'p', transport, accessToken: () => 'token-1' });
    await handler(request({ model: 'vertex/claude-opus-4-1', messages: MESSAGES.messages }), keyed());
    expect(sent(transport).body).toEqual({
      anthropic_version: 'vertex-2023-10-16',
      max_tokens: 32_000,
      messages: [{ role: 'user', content: 'Hello' }],
    });
  });
});

describe('access tokens', () => {
  test('one that cannot be had is an authentication error', async () => {
    const accessToken = () => Promise.reject(new Error('no login'));
    const handler = vertex({ project: 'p', transport: fakeTransport(ANSWER), accessToken });
    expect(await rejection(handler(gemini('vertex/m'), keyed()))).toMatchObject({
      kind: 'authentication',
      code: 'missing_credential',
      message: 'vertex: no access token: no login',
    });
  });

  test('a caller who left while one was fetched makes no call', async () => {
    const caller = new AbortController();
    const transport = fakeTransport(ANSWER);
    const accessToken = async () => {
      caller.abort();
      return 'token-1';
    };
    const handler = vertex({ project: 'p', transport, accessToken });
    await rejection(handler(gemini('vertex/m'), keyed({ signal: caller.signal })));
    expect(transport.requests).toHaveLength(0);
  });

  test('come from the library, which is opened once', async () => {
    const getAccessToken = vi.fn<() => Promise<string>>().mockResolvedValue('token-1');
    const opened = vi.fn<(options: { readonly scopes: string }) => void>();
    class GoogleAuth {
      readonly getAccessToken = getAccessToken;
      constructor(options: { readonly scopes: string }) {
        opened(options);
      }
    }
    const token = googleToken(async () => ({ GoogleAuth }));
    expect(await Promise.all([token(), token()])).toEqual(['token-1', 'token-1']);
    expect(opened).toHaveBeenCalledExactlyOnceWith({ scopes: 'https://www.googleapis.com/auth/cloud-platform' });
  });

  test('a library that is not there is named', async () => {
    await expect(googleToken(() => Promise.reject(new Error('x')))()).rejects.toThrow('install google-auth-library');
    const empty = { getAccessToken: async () => null };
    await expect(
      googleToken(async () => ({
        GoogleAuth: function () {
          return empty;
        } as never,
      }))(),
    ).rejects.toThrow('gave none');
  });
});

test.each([
  [{}, 'vertex: project must be given for access tokens'],
  [{ project: 'a/b' }, 'vertex: project must be a name of Google Cloud, got "a/b"'],
  [{ project: 'p', location: '' }, 'vertex: location must be a name of Google Cloud, got ""'],
])('options %j are refused', (options, message) => {
  expect(() => vertex(options)).toThrow(message);
});
