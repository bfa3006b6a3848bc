import { describe, expect, test } from 'vitest';
import { anthropic } from '../anthropic/anthropic.ts';
import { openai } from '../openai/openai.ts';
import { CHAT, complete, keyed, MESSAGES, read, request, streamed, words } from '../testing/calls.ts';
import { fakeTransport, json, pieces, sse } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';

const sent = (transport: ReturnType<typeof fakeTransport>) =>
  JSON.parse(new TextDecoder().decode(transport.requests[0]?.body as Uint8Array)) as unknown;

const toClaude = { ...CHAT, model: 'anthropic/claude-3-5-sonnet-20241022' };
const toGpt = { ...MESSAGES, model: 'openai/gpt-4o-mini' };

describe('a caller of OpenAI asks Anthropic', () => {
  test('for a whole answer', async () => {
    const transport = fakeTransport(json(fixture('anthropic-messages/complete.json'), 200, { 'request-id': 'r' }));
    const call = request({ ...toClaude, seed: 1, fallbacks: ['openai/gpt-4o'] });
    const response = complete(await anthropic({ transport })(call, keyed()));
    expect(sent(transport)).toEqual({
      model: 'claude-3-5-sonnet-20241022',
      max_tokens: 8_192,
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(response.headers).toEqual({
      'request-id': 'r',
      'x-gateway-dropped': 'seed',
      'x-gateway-adjusted': 'max_tokens=8192',
    });
    expect(response.dialect).toBe('openai.chat');
    expect(response.body.value).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'The ticket asks for a refund.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 1_632, completion_tokens: 48 },
    });
    expect(response).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 96, cacheReadTokens: 1_024 } });
  });

  test('for a stream, with the token counts it asked for', async () => {
    const transport = fakeTransport(sse(...pieces(fixture('anthropic-messages/stream-tools.sse'))));
    const call = request({ ...toClaude, stream: true, stream_options: { include_usage: true } });
    const stream = streamed(await anthropic({ transport })(call, keyed()));
    const { text } = await read(stream);
    expect(sent(transport)).toMatchObject({ stream: true });
    expect(text).toContain('"delta":{"reasoning_content":"Two lookups."}');
    expect(text).toContain(
      '"tool_calls":[{"index":1,"id":"toolu_02","type":"function","function":{"name":"get_time","arguments":""}}]',
    );
    expect(text).toMatch(/"choices":\[\],"usage":\{"prompt_tokens":472,[^\n]*\n\ndata: \[DONE\]\n\n$/);
    expect(stream.usage).toMatchObject({ inputTokens: 472, outputTokens: 89 });
  });

  test('for something that Anthropic has no way to express', async () => {
    const transport = fakeTransport(json('{}'));
    const error = await rejection(anthropic({ transport })(request({ ...toClaude, n: 2 }), keyed()));
    expect(error).toMatchObject({ kind: 'invalid_request', code: 'unsupported_field', param: 'n' });
    expect(transport.requests).toEqual([]);
  });
});

describe('a caller of Anthropic asks OpenAI', () => {
  test('for a whole answer', async () => {
    const transport = fakeTransport(json(fixture('openai-chat/complete.json')));
    const call = request({ ...toGpt, system: 'Be brief.', top_k: 5 }, 'anthropic.messages');
    const headers = { 'anthropic-beta': 'x', 'openai-beta': 'y' };
    const response = complete(await openai({ transport })({ ...call, headers }, keyed()));
    expect(sent(transport)).toEqual({
      model: 'gpt-4o-mini',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hello' },
      ],
      max_completion_tokens: 64,
    });
    expect(transport.requests[0]?.headers).not.toHaveProperty('anthropic-beta');
    expect(response.headers).toEqual({ 'x-gateway-dropped': 'top_k' });
    expect(response.body.value).toMatchObject({
      type: 'message',
      content: [{ type: 'text', text: 'The ticket asks for a refund.' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 96, cache_read_input_tokens: 1_024, output_tokens: 48 },
    });
  });

  test('for a stream, whose counts come at the end', async () => {
    const transport = fakeTransport(sse(...pieces(fixture('openai-chat/stream.sse'))));
    const call = request({ ...toGpt, stream: true }, 'anthropic.messages');
    const stream = streamed(await openai({ transport })(call, keyed()));
    const { text, events } = await read(stream);
    expect(sent(transport)).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(words(events)).toBe('Grüße aus 東京 🚀');
    expect(text.startsWith('event: message_start\n')).toBe(true);
    expect(text).toMatch(
      /event: message_delta\ndata: [^\n]*"input_tokens":16,[^\n]*\n\nevent: message_stop\ndata: [^\n]*\n\n$/,
    );
  });
});

test('a dialect that nobody translates yet is named', async () => {
  const transport = fakeTransport(json('{}'));
  const call = { ...request(CHAT), dialect: 'cohere.chat' as const };
  expect(await rejection(openai({ transport })(call, keyed()))).toMatchObject({
    kind: 'invalid_request',
    code: 'unsupported_dialect',
    message: 'no translation from cohere.chat to openai.chat',
  });
});
