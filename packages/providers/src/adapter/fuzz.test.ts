import { PipelineError, type Handler, type JsonObject, type LlmRequest, type LlmResponse } from '@x/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anthropic } from '../anthropic/anthropic.ts';
import { FrameType } from '../aws-event-stream/encode-frame.ts';
import { bedrock } from '../bedrock/bedrock.ts';
import { cohere } from '../cohere/cohere.ts';
import { codec } from '../dialects/lookup.ts';
import { openaiCompatible } from '../openai-compatible/openai-compatible.ts';
import { openai } from '../openai/openai.ts';
import type { AdapterOptions } from '../options.ts';
import { keyed, read, request } from '../testing/calls.ts';
import { fakeTransport, type FakeAnswer } from '../testing/fake-transport.ts';

const PROVIDERS: Readonly<Record<string, (options: AdapterOptions) => Handler<LlmRequest, LlmResponse>>> = {
  openai,
  'openai-responses': (options) => openaiCompatible({ ...options, ...RESPONSES }),
  anthropic,
  cohere,
  bedrock: (options) => bedrock({ ...options, region: 'us-east-1', keys: true }),
};

/** Any caller is translated into Responses for it, but one of its own. */
const RESPONSES = {
  name: 'openai-responses',
  baseURL: 'https://example.com/v1',
  dialects: ['openai.responses'],
} as const;

/** Good requests of each dialect. */
const CALLERS = {
  'openai.responses': { input: [{ role: 'user', content: 'a' }] },
  'openai.chat': { messages: [{ role: 'user', content: 'a' }] },
  'anthropic.messages': { max_tokens: 5, messages: [{ role: 'user', content: 'a' }] },
  'bedrock.converse': { messages: [{ role: 'user', content: [{ text: 'a' }] }] },
} as const;
type Caller = keyof typeof CALLERS;
const DIALECTS = Object.keys(CALLERS) as Caller[];
const PAIRS = Object.keys(PROVIDERS).flatMap((provider) => DIALECTS.map((caller) => [provider, caller] as const));

const asked = (provider: string, caller: Caller, body: JsonObject, stream: boolean): LlmRequest => ({
  ...request({ ...body, model: `${provider}/claude-3-haiku` }, caller),
  stream,
});

/** The outcome of a whole call: everything that the caller got, or the error that it was told. */
async function outcome(call: () => Promise<LlmResponse>): Promise<PipelineError | undefined> {
  try {
    const answer = await call();
    if (answer.stream) await read(answer);
    return undefined;
  } catch (error) {
    if (!PipelineError.isInstance(error)) throw error;
    return error;
  }
}

const word = fc.constantFrom(
  ...'response item response.completed response.output_text.delta response.output_item.added call_id summary encrypted_content choices message content delta tool_calls function arguments name id index finish_reason usage type text error output toolUse toolUseId input stopReason contentBlockIndex start reasoningContent content_block partial_json stop_reason role'.split(
    ' ',
  ),
);
const junk: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, -1, 1e300, '', 'text', 'assistant', 'tool_use', 'stop'),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(word, tie('value'), { maxKeys: 4 }),
})).object;
const EVENTS = [
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
  'other',
];

/** A stream of a dialect's framing with anything in it, or no stream at all. */
function streamOf(provider: string, values: readonly unknown[], noise: Uint8Array): FakeAnswer {
  const aws = provider === 'bedrock';
  const chunks = values.map((value, index) => {
    const json = JSON.stringify(value);
    if (!aws) return `event: message_${index}\ndata: ${json}\n\n`;
    return Buffer.from(new FrameType({ ':event-type': EVENTS[index % EVENTS.length] ?? '' }).frame(json), 'latin1');
  });
  const type = aws ? 'application/vnd.amazon.eventstream' : 'text/event-stream';
  return { headers: { 'content-type': type }, chunks: [...chunks, noise] };
}

describe.each(PAIRS)('%s, asked in %s', (provider, caller) => {
  const make = (answer: FakeAnswer) =>
    PROVIDERS[provider]?.({ transport: fakeTransport(answer) }) as Handler<LlmRequest, LlmResponse>;

  test('garbage as an answer is the provider’s failure, by its name', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          junk.map((value) => JSON.stringify(value)),
          fc.string(),
          fc.json(),
        ),
        async (text) => {
          const answer = { headers: { 'content-type': 'application/json' }, chunks: [text] };
          const error = await outcome(() => make(answer)(asked(provider, caller, CALLERS[caller], false), keyed()));
          expect((error?.message ?? `${provider}: `).startsWith(`${provider}: `)).toBe(true);
          expect(['invalid_request', 'authentication', 'cancelled']).not.toContain(error?.kind);
        },
      ),
      { numRuns: 150 },
    );
  });

  test('garbage as a stream is the provider’s failure, by its name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(junk, { maxLength: 6 }), fc.uint8Array({ maxLength: 20 }), async (values, noise) => {
        const answer = streamOf(provider, values, noise);
        const error = await outcome(() => make(answer)(asked(provider, caller, CALLERS[caller], true), keyed()));
        expect(error?.message ?? `${provider}: `).toContain(`${provider}: `);
        expect(['invalid_request', 'authentication', 'cancelled']).not.toContain(error?.kind);
      }),
      { numRuns: 150 },
    );
  });
});

describe.each(DIALECTS)('a caller that sends garbage in %s', (caller) => {
  const others = Object.keys(PROVIDERS).filter((name) => name !== caller.split('.')[0]);

  test('is told which field it is, and nobody is called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...others), garbageFor(caller), async (provider, body) => {
        const transport = fakeTransport({ status: 500 });
        const handler = PROVIDERS[provider]?.({ transport }) as Handler<LlmRequest, LlmResponse>;
        const error = await outcome(() => handler(asked(provider, caller, body as JsonObject, false), keyed()));
        if (transport.requests.length > 0) return;
        expect(error).toMatchObject({ kind: 'invalid_request' });
        expect(error?.param).toBeDefined();
      }),
      { numRuns: 400 },
    );
  });
});

/** A good request with something in it that is none: a member of the body, a message, a block, or a member of one. */
function garbageFor(caller: Caller): fc.Arbitrary<unknown> {
  const field = fc.constantFrom(...MEMBERS);
  const wrong = fc.oneof(junk, fc.constantFrom(null, 1, '', 'x', [], [null], [{}], {}, true));
  const block = fc.oneof(wrong, fc.dictionary(fc.constantFrom(...BLOCK_MEMBERS), wrong, { maxKeys: 3 }));
  const message = fc.record({
    role: fc.oneof({ weight: 4, arbitrary: fc.constantFrom('user', 'assistant') }, wrong),
    content: fc.oneof({ weight: 4, arbitrary: fc.array(block, { maxLength: 3 }) }, wrong),
  });
  const messages = fc.array(fc.oneof({ weight: 6, arbitrary: message }, wrong), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    fc.record({ name: field, value: wrong }).map(({ name, value }) => ({ ...CALLERS[caller], [name]: value })),
    messages.map((value) => ({ ...CALLERS[caller], messages: value, input: value })),
  );
}

const MEMBERS =
  'input instructions text reasoning include max_output_tokens top_logprobs previous_response_id messages system tools tool_choice max_tokens temperature stop stop_sequences response_format output_config metadata toolConfig inferenceConfig outputConfig additionalModelRequestFields guardrailConfig n logprobs'.split(
    ' ',
  );
const BLOCK_MEMBERS =
  'call_id output summary encrypted_content file_data type text image image_url document file source toolUse toolResult toolUseId tool_use_id content cachePoint cache_control reasoningContent input name id json video'.split(
    ' ',
  );

describe('what is large or deep', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

  test.each(DIALECTS)('10 MB of arguments come through to %s', (caller) => {
    const json = JSON.stringify({ text: 'x'.repeat(10_000_000) });
    const answer = {
      id: 'a',
      model: 'm',
      finishReason: 'tool_calls' as const,
      usage: undefined,
      content: [{ type: 'tool-call' as const, id: 't', name: 'f', json }],
    };
    const encoded = codec(caller).encodeAnswer(answer, { id: 'a', model: 'm', now: 0 });
    expect(codec(caller).decodeAnswer(encoded).content).toEqual(answer.content);
  });

  test.each(PAIRS)(
    'an answer of %s that is nested too deeply, for a caller of %s, is no crash',
    async (provider, caller) => {
      const handler = PROVIDERS[provider]?.({
        transport: fakeTransport({ chunks: [`{"output":${deep},"content":${deep},"choices":${deep}}`] }),
      });
      const error = await outcome(() =>
        (handler as Handler<LlmRequest, LlmResponse>)(asked(provider, caller, CALLERS[caller], false), keyed()),
      );
      expect(error?.message ?? `${provider}: `).toContain(`${provider}: `);
    },
  );
});
