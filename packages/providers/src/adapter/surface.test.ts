import { expect, test } from 'vitest';
import { profileOf } from '../defaults/profile-of.ts';
import { complete, CHAT, keyed, MESSAGES, request } from '../testing/calls.ts';
import { fakeTransport, json } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { adapter } from './adapter.ts';
import { surfaceFor, type Surface } from './surface.ts';

const chat: Surface = { dialect: 'openai.chat', path: '/chat', except: ['deep-*', 'old'] };
const messages: Surface = { dialect: 'anthropic.messages', path: '/messages', except: ['deep-ish'] };

test.each([
  ['its own dialect', 'anthropic.messages', 'm', messages],
  ['its own, the first', 'openai.chat', 'm', chat],
  ['the first, to be translated', 'gemini.generate', 'm', chat],
  ['another, where its own lacks the model', 'openai.chat', 'old', messages],
  ['another by the beginning of the name', 'openai.chat', 'deep-one', messages],
  ['another than the first, where that lacks the model', 'gemini.generate', 'deep-one', messages],
  ['its own, though a name goes on', 'openai.chat', 'older', chat],
  ['the first, where none has the model', 'anthropic.messages', 'deep-ish', chat],
] as const)('a request goes to %s', (_what, dialect, model, wanted) => {
  expect(surfaceFor([chat, messages], dialect, model)).toBe(wanted);
});

test('an adapter takes each dialect that it speaks as it is, each at its own address', async () => {
  const answers = [fixture('anthropic-messages/complete.json'), fixture('openai-chat/complete.json')];
  const transport = fakeTransport(...answers.map((text) => json(text)));
  const profile = profileOf({ surfaces: [chat, messages], errors: [], resets: [], quirks: {} });
  const both = adapter({ factory: 'both', name: 'both', baseURL: 'https://example.com/v1/', profile, transport });
  const bodies = [
    complete(await both(request({ ...MESSAGES, model: 'both/m', x: 1 }, 'anthropic.messages'), keyed())),
    complete(await both(request({ ...CHAT, model: 'both/m', x: 1 }), keyed())),
  ].map(({ body }) => new TextDecoder().decode(body.bytes));
  expect(bodies).toEqual(answers);
  expect(transport.requests.map(({ url }) => url)).toEqual([
    'https://example.com/v1/messages',
    'https://example.com/v1/chat',
  ]);
  for (const { body } of transport.requests) {
    expect(JSON.parse(new TextDecoder().decode(body as Uint8Array))).toMatchObject({ model: 'm', x: 1 });
  }
});

test('a model that its own dialect lacks is translated', async () => {
  const transport = fakeTransport(json(fixture('anthropic-messages/complete.json')));
  const profile = profileOf({ surfaces: [chat, messages], errors: [], resets: [], quirks: {} });
  const both = adapter({ factory: 'both', name: 'both', baseURL: 'https://example.com', profile, transport });
  const { body } = complete(await both(request({ ...CHAT, model: 'both/deep-one' }), keyed()));
  expect(transport.requests[0]?.url).toBe('https://example.com/messages');
  expect(body.value).toMatchObject({ object: 'chat.completion' });
});
