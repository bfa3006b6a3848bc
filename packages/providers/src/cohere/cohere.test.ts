import { createSimulator } from '@x/simulator';
import { describe, expect, test } from 'vitest';
import { complete, keyed, KEY, NOW, read, request, streamed, words } from '../testing/calls.ts';
import { fakeTransport, json, pieces, sse } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';
import { cohere } from './cohere.ts';

const ASKED = { model: 'cohere/command-a-03-2025', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };

describe.each(['openai.chat', 'anthropic.messages'] as const)('a caller of %s', (dialect) => {
  test('is translated, both ways', async () => {
    const transport = fakeTransport(json(fixture('cohere-chat/complete-tools.json')));
    const answer = complete(await cohere({ transport })(request(ASKED, dialect), keyed()));
    const [sent] = transport.requests;
    expect(sent?.url).toBe('https://api.cohere.com/v2/chat');
    expect(sent?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, accept: 'application/json' });
    expect(JSON.parse(new TextDecoder().decode(sent?.body as Uint8Array))).toEqual({
      ...ASKED,
      model: 'command-a-03-2025',
    });
    expect(answer).toMatchObject({ finishReason: 'tool_calls', usage: { inputTokens: 902, outputTokens: 61 } });
    expect(JSON.stringify(answer.body.value)).toContain('get_weather_n1pxt3q2f4y1');
  });

  test('gets a stream in its own dialect, to its proper end', async () => {
    const transport = fakeTransport(sse(...pieces(fixture('cohere-chat/stream.sse'))));
    const stream = streamed(await cohere({ transport })(request({ ...ASKED, stream: true }, dialect), keyed()));
    const { text, events } = await read(stream);
    expect(words(events)).toBe('The ticket asks for a refund.');
    expect(text).toMatch(dialect === 'openai.chat' ? /data: \[DONE\]\n\n$/ : /"type":"message_stop"\}\n\n$/);
    expect(stream).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 71, outputTokens: 12 } });
  });
});

test('a stream that is cut is told', async () => {
  const whole = pieces(fixture('cohere-chat/stream.sse'));
  const transport = fakeTransport(sse(...whole.slice(0, 6)));
  const stream = streamed(await cohere({ transport })(request({ ...ASKED, stream: true }), keyed()));
  expect(await rejection(read(stream))).toMatchObject({ kind: 'stream_broken' });
});

test.each([
  [429, 'You are using a Trial key, which is limited to 20 API calls / minute.', 'rate_limited', undefined],
  [
    429,
    'You are using a Trial key, which is limited to 1000 API calls / month.',
    'quota_exhausted',
    Date.UTC(2026, 11),
  ],
  [402, 'The spending limit of your organization has been reached.', 'quota_exhausted', Date.UTC(2026, 11)],
  [402, 'Please add or update your payment method to continue', 'quota_exhausted', undefined],
  [401, 'invalid api token', 'authentication', undefined],
  [498, 'invalid api token', 'authentication', undefined],
  [400, 'too many tokens: size limit exceeded by 11326 tokens.', 'context_length', undefined],
  [404, "model 'x' not found, make sure the correct model ID was used", 'model_not_found', undefined],
  [422, 'invalid request: unknown field', 'invalid_request', undefined],
  [503, 'temporarily unavailable', 'overloaded', undefined],
])('%d "%s" is %s', async (status, message, kind, until) => {
  const transport = fakeTransport(json(JSON.stringify({ message }), status));
  const error = await rejection(cohere({ transport })(request(ASKED), keyed()));
  expect(error.kind).toBe(kind);
  expect(error.retryAfterMs).toBe(until === undefined ? undefined : until - NOW);
});

test('the simulator takes what is written, a loop of tools included', async () => {
  const { transport } = createSimulator({ providers: { cohere: {} } });
  const ask = cohere({ transport, baseURL: 'http://simulator/cohere/v2' });
  const tools = [{ type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
  const first = complete(await ask(request({ ...ASKED, tools, tool_choice: 'required' }), keyed()));
  const [choice] = first.body.value['choices'] as [{ message: { tool_calls: [{ id: string }] } }];
  const { message } = choice;
  const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'rain' };
  const again = { ...ASKED, tools, messages: [...ASKED.messages, message, result] };
  expect(complete(await ask(request(again), keyed())).finishReason).toMatch(/^(?:stop|length)$/);
  const stream = streamed(await ask(request({ ...again, stream: true }), keyed()));
  expect(words((await read(stream)).events).length).toBeGreaterThan(5);
});
