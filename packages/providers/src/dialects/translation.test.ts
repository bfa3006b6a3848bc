import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { type JsonObject, type JsonValue } from '@x/core';
import { TranslationNotes } from '../hub/notes.ts';
import type { ChatRequest, UserPart } from '../hub/request.ts';
import { sharedRequest } from '../testing/hub-requests.ts';
import { attempt } from '../testing/attempt.ts';
import { codec, targetCodec } from './lookup.ts';
import { DEFAULT_QUIRKS } from './quirks.ts';

/** Those that hold all of a shared request. Converse takes no images by URL; its own test is beside it. */
const WHOLE = ['openai.chat', 'openai.responses', 'anthropic.messages', 'gemini.generate'] as const;
const DIALECTS = [...WHOLE, 'bedrock.converse'] as const;
/** Those that can be asked in, which are more. */
const TARGETS = [...DIALECTS, 'cohere.chat'] as const;
const MODEL = 'claude-sonnet-4-20250514';

/** A dialect's own share of what the others hold. */
const LOSSLESS: Readonly<Record<(typeof WHOLE)[number], (request: ChatRequest) => ChatRequest>> = {
  'openai.chat': (request) => request,
  // It knows no stop sequences, and no limit below 16.
  'openai.responses': ({ seed: _seed, presencePenalty: _penalty, ...request }) => ({
    ...request,
    stop: [],
    maxTokens: Math.max(16, request.maxTokens ?? 16),
  }),
  'anthropic.messages': ({ seed: _seed, presencePenalty: _penalty, ...request }) => request,
  // Whether it streams stands in the path; it knows no strict tools, no serial calls and no names of files.
  'gemini.generate': ({ messages, tools, ...request }) => ({
    ...request,
    messages: messages.map((message) =>
      message.role === 'user' ? { ...message, content: message.content.map(withoutName) } : message,
    ),
    tools: tools.map(({ strict: _strict, ...tool }) => tool),
    parallelToolCalls: undefined,
    stream: false,
  }),
};

function withoutName(part: UserPart): UserPart {
  if (part.type !== 'file') return part;
  const { name: _name, ...rest } = part;
  return rest;
}

describe.each(WHOLE)('%s', (dialect) => {
  const each = codec(dialect);

  test('a request that both dialects can hold comes through the hub unchanged', () => {
    fc.assert(
      fc.property(sharedRequest.map(LOSSLESS[dialect]), (request) => {
        const notes = new TranslationNotes();
        const body = each.encodeRequest(request, { model: MODEL, quirks: DEFAULT_QUIRKS, notes });
        expect(each.decodeRequest(JSON.parse(JSON.stringify(body)) as JsonObject, notes)).toEqual(request);
        expect(notes.headers()).toEqual({});
      }),
    );
  });
});

describe.each(DIALECTS)('callers of %s', (dialect) => {
  const each = codec(dialect);

  test('any body is decoded or rejected with a field at fault, and then encoded for either dialect or rejected so', () => {
    fc.assert(
      fc.property(anyRequest, (body) => {
        const decoded = attempt(() => each.decodeRequest(body, new TranslationNotes()));
        if (decoded === undefined) return;
        for (const target of TARGETS) {
          const notes = new TranslationNotes();
          attempt(() => targetCodec(target).encodeRequest(decoded, { model: MODEL, quirks: DEFAULT_QUIRKS, notes }));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe.each(TARGETS)('targets of %s', (dialect) => {
  const each = targetCodec(dialect);

  test('any answer is read and written without a throw', () => {
    fc.assert(
      fc.property(anyAnswer, (body) => {
        each.failureIn(body);
        each.readUsage(body);
        each.readFinishReason(body);
        const answer = each.decodeAnswer(body);
        for (const target of DIALECTS) {
          const written = codec(target).encodeAnswer(answer, { id: 'i', model: 'm', now: 0 });
          expect(codec(target).failureIn(written)).toBeUndefined();
        }
      }),
      { numRuns: 500 },
    );
  });

  test('any events are read without a throw, and what is written for them reads as valid', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            data: fc.oneof(
              anyAnswer.map((value) => JSON.stringify(value)),
              fc.string(),
            ),
            event: fc.constantFrom(undefined, ...EVENTS),
          }),
        ),
        (events) => {
          const decoder = each.streamDecoder();
          const parts = events.flatMap(({ data, event }) => [
            ...(decoder.decode({ data, event, id: undefined })?.parts ?? []),
          ]);
          for (const target of DIALECTS) {
            const encoder = codec(target).streamEncoder({ id: 'i', model: 'm', now: 0, includeUsage: true });
            attempt(() => parts.map((part) => encoder.encode(part)));
            expect(encoder.end()).toMatch(/\n\n|metadata/);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** What AWS's framing may call an event. */
const EVENTS = [
  'messageStart',
  'contentBlockStart',
  'contentBlockDelta',
  'contentBlockStop',
  'messageStop',
  'metadata',
];

/** Names that the dialects give a meaning to, so that chance reaches the code behind them. */
const NAMES = `
  role content type text tool_calls function name arguments id index input source messages system
  tools tool_choice max_tokens temperature stop stop_sequences metadata response_format output_config
  image_url url tool_call_id tool_use_id input_schema json_schema choices message delta finish_reason
  stop_reason usage error content_block thinking reasoning_details reasoning_content prompt_tokens
  input_tokens partial_json signature __proto__
  contents parts systemInstruction generationConfig functionDeclarations parameters toolConfig functionCallingConfig
  functionCall functionResponse response args inlineData fileData mimeType fileUri thought thoughtSignature
  responseSchema responseMimeType properties required items anyOf allOf enum const $ref $defs nullable mode
  candidates finishReason usageMetadata promptTokenCount promptFeedback blockReason thinkingConfig inline_data
  output toolUse toolUseId toolResult toolConfig toolSpec inputSchema json inferenceConfig maxTokens
  stopReason contentBlockIndex reasoningContent reasoningText cachePoint document format bytes start
  instructions call_id summary encrypted_content reasoning effort status incomplete_details item output_index response
  summary_index file_data refusal include previous_response_id max_output_tokens extra_content
`
  .trim()
  .split(/\s+/);
const WORDS = `
  user assistant system tool developer text image image_url function tool_use auto tool_result
  thinking redacted_thinking stop end_turn document base64 json_schema error message_start
  message_delta content_block_start content_block_delta text_delta input_json_delta reasoning.text
  file any none required data:image/png;base64,AA {"a":1} {
  message function_call function_call_output reasoning input_text output_text input_image input_file refusal summary_text
  completed incomplete failed item_reference foreignsignature responsesthoughtAA response.created response.completed
  response.failed response.incomplete response.output_text.delta response.output_item.added response.output_item.done
  response.function_call_arguments.delta response.function_call_arguments.done response.reasoning_summary_text.delta
  model STOP SAFETY OTHER MALFORMED_FUNCTION_CALL ANY AUTO STRING OBJECT object array string application/json #/$defs/a #
`
  .trim()
  .split(/\s+/);

const { anyValue } = fc.letrec<{ anyValue: JsonValue }>((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom(...WORDS),
    fc.constantFrom(null, true, false, 0, 1, 2, -1, 0.5),
    fc.string(),
    fc.array(tie('anyValue'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES), tie('anyValue'), { maxKeys: 6 }),
  ),
}));

const anyObject = fc.dictionary(fc.constantFrom(...NAMES), anyValue, { maxKeys: 8 });
const anyMessages = fc.array(
  fc.record(
    {
      role: fc.constantFrom('user', 'assistant', 'system', 'tool', 'developer'),
      content: fc.oneof(fc.string(), fc.array(anyObject, { maxLength: 3 }), anyValue),
      tool_calls: anyValue,
      tool_call_id: fc.string(),
    },
    { requiredKeys: ['role', 'content'] },
  ),
  { maxLength: 4 },
);
const anyContents = fc.array(
  fc.record({ role: fc.constantFrom('user', 'model', 'function'), parts: fc.array(anyObject, { maxLength: 3 }) }),
  { maxLength: 4 },
);
const anyItem = fc.record(
  {
    type: fc.constantFrom('message', 'function_call', 'function_call_output', 'reasoning', 'item_reference'),
    role: fc.constantFrom('user', 'assistant', 'developer'),
    content: fc.array(anyObject, { maxLength: 2 }),
    call_id: fc.string(),
    name: fc.string(),
    arguments: anyValue,
    output: anyValue,
    summary: anyValue,
    encrypted_content: fc.constantFrom('x', 'foreignsignature', 'redactedthinkingx', null),
  },
  { requiredKeys: [] },
);
const anyRequest: fc.Arbitrary<JsonObject> = fc
  .tuple(
    anyObject,
    fc.option(anyMessages, { nil: undefined }),
    fc.option(anyContents, { nil: undefined }),
    fc.option(fc.array(fc.oneof(anyItem, anyValue), { maxLength: 4 }), { nil: undefined }),
  )
  .map(([body, messages, contents, input]) => ({
    ...body,
    ...(messages !== undefined && { messages, input: messages }),
    ...(input !== undefined && { input }),
    ...(contents !== undefined && { contents }),
  }));
const anyAnswer: fc.Arbitrary<JsonObject> = fc
  .tuple(anyObject, fc.option(anyObject, { nil: undefined }), fc.array(anyObject, { maxLength: 3 }))
  .map(([body, choice, content]): JsonObject =>
    choice === undefined
      ? { ...body, content, output: content, candidates: [{ content: { parts: content } }] }
      : { ...body, choices: [{ ...choice, message: { content, tool_calls: content }, delta: choice }] },
  );
