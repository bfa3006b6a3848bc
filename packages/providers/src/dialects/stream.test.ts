import { describe, expect, test } from 'vitest';
import type { StreamPart } from '@x/core';
import { SseDecoder } from '../sse/decoder.ts';
import { fixture } from '../testing/fixture.ts';
import type { DialectCodec } from './codec.ts';
import { codec } from './lookup.ts';

const openai = codec('openai.chat');
const anthropic = codec('anthropic.messages');
const responses = codec('openai.responses');
const META = { id: 'req-1', model: 'm', now: 1_795_305_600_500, includeUsage: true };

/** The parts of a recorded stream, neighbouring texts joined. */
function decode(each: DialectCodec, text: string): StreamPart[] {
  const sse = new SseDecoder({ maxEventChars: 1_000_000 });
  const decoder = each.streamDecoder();
  const events = [...sse.push(new TextEncoder().encode(text)), ...sse.end()];
  return events.flatMap((event) => [...(decoder.decode(event)?.parts ?? [])]);
}

function encode(each: DialectCodec, parts: readonly StreamPart[], meta = META): string {
  const encoder = each.streamEncoder(meta);
  return parts.map((part) => encoder.encode(part)).join('') + encoder.end();
}

const usage = (input: number, output: number, cached = 0, reasoning = 0) => ({
  type: 'usage',
  usage: {
    inputTokens: input,
    cacheReadTokens: cached,
    cacheWriteTokens: 0,
    outputTokens: output,
    reasoningTokens: reasoning,
  },
});

describe('recorded streams', () => {
  test('OpenAI’s text', () => {
    expect(decode(openai, fixture('openai-chat/stream.sse'))).toEqual([
      { type: 'start', id: 'chatcmpl-Bz3', model: 'gpt-4o-mini-2024-07-18' },
      { type: 'text', text: 'Grüße' },
      { type: 'text', text: ' aus 東京 🚀' },
      { type: 'finish', reason: 'stop' },
      usage(16, 9, 4),
    ]);
  });

  test('OpenAI’s parallel calls', () => {
    expect(decode(openai, fixture('openai-chat/stream-tools.sse'))).toEqual([
      { type: 'start', id: 'chatcmpl-Bz4', model: 'gpt-4o-mini' },
      { type: 'tool-call', index: 0, id: 'call_a1', name: 'get_weather' },
      { type: 'tool-arguments', index: 0, json: '{"city":' },
      { type: 'tool-arguments', index: 0, json: '"Oslo"}' },
      { type: 'tool-call', index: 1, id: 'call_b2', name: 'get_time' },
      { type: 'tool-arguments', index: 1, json: '{}' },
      { type: 'finish', reason: 'tool_calls' },
      usage(81, 35),
    ]);
  });

  test('DeepSeek’s thoughts, and its counts on the last content', () => {
    expect(decode(openai, fixture('openai-chat/stream-deepseek.sse'))).toEqual([
      { type: 'start', id: 'ds-1', model: 'deepseek-reasoner' },
      { type: 'reasoning', text: 'They want' },
      { type: 'reasoning', text: ' a sum.' },
      { type: 'text', text: '42' },
      { type: 'finish', reason: 'stop' },
      usage(20, 4, 10, 8),
    ]);
  });

  test('Anthropic’s text', () => {
    expect(decode(anthropic, fixture('anthropic-messages/stream.sse'))).toEqual([
      { type: 'start', id: 'msg_01C', model: 'claude-3-5-sonnet-20241022' },
      usage(25, 1, 7),
      { type: 'text', text: 'Grüße' },
      { type: 'text', text: ' aus 東京 🚀' },
      { type: 'finish', reason: 'stop' },
      usage(25, 15, 7),
    ]);
  });

  test('Anthropic’s thoughts and calls, whose blocks share one count', () => {
    expect(decode(anthropic, fixture('anthropic-messages/stream-tools.sse'))).toEqual([
      { type: 'start', id: 'msg_01D', model: 'claude-sonnet-4-5-20250929' },
      usage(472, 2),
      { type: 'reasoning', text: 'Two lookups.' },
      { type: 'reasoning-signature', signature: 'EqQBsig==' },
      { type: 'text', text: 'Looking.' },
      { type: 'tool-call', index: 0, id: 'toolu_01', name: 'get_weather' },
      { type: 'tool-arguments', index: 0, json: '{"city":' },
      { type: 'tool-arguments', index: 0, json: '"Oslo"}' },
      { type: 'tool-call', index: 1, id: 'toolu_02', name: 'get_time' },
      { type: 'finish', reason: 'tool_calls' },
      usage(472, 89),
    ]);
  });
});

/** Responses write empty arguments out. */
function saysNothing(part: StreamPart): boolean {
  return part.type === 'tool-arguments' && part.json === '{}';
}

/** Responses mark ids and signatures as theirs or not. */
function withoutMarks(part: StreamPart): StreamPart {
  if (part.type === 'start') return { ...part, id: part.id?.replace(/^resp_/, '') };
  return part.type === 'reasoning-signature' ? { ...part, signature: '' } : part;
}

describe('translated streams', () => {
  test('for a caller of OpenAI', () => {
    const chunks = encode(openai, decode(anthropic, fixture('anthropic-messages/stream.sse'))).split('\n\n');
    const head =
      '{"id":"msg_01C","object":"chat.completion.chunk","created":1795305600,"model":"claude-3-5-sonnet-20241022"';
    expect(chunks).toEqual([
      `data: ${head},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null}`,
      `data: ${head},"choices":[{"index":0,"delta":{"content":"Grüße"},"finish_reason":null}],"usage":null}`,
      `data: ${head},"choices":[{"index":0,"delta":{"content":" aus 東京 🚀"},"finish_reason":null}],"usage":null}`,
      `data: ${head},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}`,
      expect.stringContaining('"choices":[],"usage":{"prompt_tokens":32,"completion_tokens":15,"total_tokens":47'),
      'data: [DONE]',
      '',
    ]);
  });

  test('token counts are left out for a caller of OpenAI who did not ask', () => {
    const parts = decode(anthropic, fixture('anthropic-messages/stream.sse'));
    const text = encode(openai, parts, { ...META, includeUsage: false });
    expect(text).not.toContain('usage');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('for a caller of Anthropic', () => {
    const frames = encode(anthropic, decode(openai, fixture('openai-chat/stream-tools.sse'))).split('\n\n');
    expect(frames.map((frame) => frame.split('\n')[0])).toEqual([
      'event: message_start',
      'event: content_block_start',
      'event: content_block_delta',
      'event: content_block_delta',
      'event: content_block_stop',
      'event: content_block_start',
      'event: content_block_delta',
      'event: content_block_stop',
      'event: message_delta',
      'event: message_stop',
      '',
    ]);
    expect(frames.at(-3)).toContain('"stop_reason":"tool_use"');
    expect(frames.at(-3)).toContain('"input_tokens":81');
  });

  test.each([
    ['openai.chat', openai],
    ['openai.responses', responses],
    ['anthropic.messages', anthropic],
  ])('%s: every recorded stream says the same after it was written and read', (_name, each) => {
    for (const [from, path] of [
      [openai, 'openai-chat/stream.sse'],
      [openai, 'openai-chat/stream-tools.sse'],
      [openai, 'openai-chat/stream-deepseek.sse'],
      [anthropic, 'anthropic-messages/stream.sse'],
      [anthropic, 'anthropic-messages/stream-tools.sse'],
      [responses, 'openai-responses/stream.sse'],
    ] as const) {
      const parts = decode(from, fixture(path));
      const again = decode(each, encode(each, parts));
      const essence = (list: readonly StreamPart[]) => [
        ...list.filter((part) => part.type !== 'usage' && !saysNothing(part)).map(withoutMarks),
        list.findLast((part) => part.type === 'usage'),
      ];
      expect(essence(again)).toEqual(essence(parts));
    }
  });
});

describe('tool calls of look-alikes', () => {
  const chunk = (...calls: unknown[]) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: calls } }] })}\n\n`;
  const FINISH = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
  const calls = (text: string) => decode(openai, text + FINISH).filter((part) => part.type !== 'start');

  test('without an index, as Google sends them', () => {
    expect(
      calls(
        chunk({ id: 'a', function: { name: 'f', arguments: '{}' } }) +
          chunk({ id: 'b', function: { name: 'g', arguments: '{' } }) +
          chunk({ function: { arguments: '}' } }),
      ),
    ).toEqual([
      { type: 'tool-call', index: 0, id: 'a', name: 'f' },
      { type: 'tool-arguments', index: 0, json: '{}' },
      { type: 'tool-call', index: 1, id: 'b', name: 'g' },
      { type: 'tool-arguments', index: 1, json: '{' },
      { type: 'tool-arguments', index: 1, json: '}' },
      { type: 'finish', reason: 'tool_calls' },
    ]);
  });

  test('with a name that comes late, and an index that starts at 1', () => {
    expect(
      calls(
        chunk({ index: 1, id: 'a', function: { arguments: '{"x"' } }) +
          chunk({ index: 1, function: { name: 'f', arguments: ':1}' } }),
      ),
    ).toEqual([
      { type: 'tool-call', index: 0, id: 'a', name: 'f' },
      { type: 'tool-arguments', index: 0, json: '{"x":1}' },
      { type: 'finish', reason: 'tool_calls' },
    ]);
  });

  test('interleaved, they are written one after the other for a caller of Anthropic', () => {
    const parts = calls(
      chunk(
        { index: 0, id: 'a', function: { name: 'f', arguments: '' } },
        { index: 1, id: 'b', function: { name: 'g', arguments: '' } },
      ) +
        chunk({ index: 1, function: { arguments: '{"b":' } }) +
        chunk({ index: 0, function: { arguments: '{"a":1}' } }) +
        chunk({ index: 1, function: { arguments: '2}' } }),
    );
    const again = decode(anthropic, encode(anthropic, parts));
    expect(again.filter((part) => part.type.startsWith('tool'))).toEqual([
      { type: 'tool-call', index: 0, id: 'a', name: 'f' },
      { type: 'tool-arguments', index: 0, json: '{"a":1}' },
      { type: 'tool-call', index: 1, id: 'b', name: 'g' },
      { type: 'tool-arguments', index: 1, json: '{"b":2}' },
    ]);
  });

  test('arguments that come after their call was left are an error, not half a call', () => {
    const encoder = anthropic.streamEncoder(META);
    encoder.encode({ type: 'tool-call', index: 0, id: 'a', name: 'f' });
    encoder.encode({ type: 'text', text: 'by the way' });
    expect(() => encoder.encode({ type: 'tool-arguments', index: 0, json: '{}' })).toThrow('after its end');
  });
});

describe('several choices', () => {
  test('the answer is finished when all that have begun are', () => {
    const chunk = (index: number, rest: object) =>
      `data: ${JSON.stringify({ choices: [{ index, delta: {}, ...rest }] })}\n\n`;
    const parts = decode(
      openai,
      chunk(0, { delta: { content: 'a' } }) +
        chunk(1, { delta: { content: 'b' } }) +
        chunk(0, { finish_reason: 'stop' }) +
        chunk(1, { delta: { content: 'c' } }) +
        chunk(1, { finish_reason: 'length' }),
    );
    expect(parts.map((part) => part.type)).toEqual(['start', 'text', 'text', 'text', 'finish']);
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop' });
  });
});

describe('errors inside a stream', () => {
  test.each([
    [openai, '{"error":{"message":"x"}}', undefined],
    [openai, '{"error":"x"}', undefined],
    [openai, '{"message":"x"}', 'error'],
    [openai, '{"object":"error","message":"x"}', undefined],
    [openai, '{"choices":[{"finish_reason":"error","error":{"message":"x"}}]}', undefined],
    [openai, '{"choices":[{"finish_reason":"abort"}]}', undefined],
    [anthropic, '{"type":"error","error":{"type":"overloaded_error"}}', 'error'],
    [anthropic, '{"error":{"message":"x"}}', undefined],
    [responses, '{"type":"error","code":"server_error","message":"x","param":null,"sequence_number":3}', 'error'],
    [responses, '{"type":"response.failed","response":{"status":"failed","error":{"code":"x"}}}', 'response.failed'],
    [responses, '{"type":"response.failed"}', 'response.failed'],
    [responses, '{"error":{"message":"x"}}', undefined],
  ])('$dialect %s', (each, data, event) => {
    const decoded = each.streamDecoder().decode({ data, event, id: undefined });
    expect(decoded?.failure).toBeDefined();
    expect(decoded?.parts).toEqual([]);
  });

  test.each([openai, anthropic, responses])('$dialect: what is no JSON object is not valid', (each) => {
    for (const data of ['', '{', '5', 'null', '[]', '"x"']) {
      expect(each.streamDecoder().decode({ data, event: undefined, id: undefined })).toBeUndefined();
    }
  });
});
