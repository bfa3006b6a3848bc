import fc from 'fast-check';
import type { AssistantPart, ChatMessage, ChatRequest, TextPart, UserPart } from '../hub/request.ts';

/** One word of a user and nothing else. */
export const EMPTY_REQUEST: ChatRequest = {
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  tools: [],
  toolChoice: undefined,
  parallelToolCalls: undefined,
  maxTokens: undefined,
  temperature: undefined,
  topP: undefined,
  topK: undefined,
  stop: [],
  responseFormat: undefined,
  effort: undefined,
  user: undefined,
  stream: false,
};

/** Text that every dialect keeps as it is: not empty, and no white space at its end. */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((value) => `${value}.`);
const name = fc.stringMatching(/^[a-z][a-z_]{0,10}$/);
const base64 = fc.base64String({ maxLength: 16 });
const textPart: fc.Arbitrary<TextPart> = fc.record({ type: fc.constant('text' as const), text });
const imagePart: fc.Arbitrary<UserPart> = fc.record({
  type: fc.constant('image' as const),
  source: fc.oneof(
    fc.record({ kind: fc.constant('url' as const), url: fc.webUrl() }),
    fc.record({ kind: fc.constant('base64' as const), mediaType: fc.constant('image/png'), data: base64 }),
  ),
});
const filePart: fc.Arbitrary<UserPart> = fc.record({
  type: fc.constant('file' as const),
  mediaType: fc.constant('application/pdf'),
  data: base64,
  name,
});
const userPart = fc.oneof(textPart, imagePart, filePart);

/** A turn of the user, then one of the assistant with calls and their results. */
const exchange: fc.Arbitrary<ChatMessage[]> = fc
  .tuple(
    fc.array(userPart, { minLength: 1, maxLength: 3 }),
    fc.array(textPart, { maxLength: 1 }),
    fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/), { minLength: 1, maxLength: 3 }),
    fc.tuple(name, fc.jsonValue({ maxDepth: 2 }), text),
  )
  .map(([said, answer, ids, [tool, value, result]]): ChatMessage[] => {
    const calls = ids.map((id): AssistantPart => ({
      type: 'tool-call',
      id,
      name: tool,
      json: JSON.stringify({ value }),
    }));
    const results = ids.map((id): ChatMessage => ({
      role: 'tool',
      id,
      content: [{ type: 'text', text: result }],
      isError: false,
    }));
    return [{ role: 'user', content: said }, { role: 'assistant', content: [...answer, ...calls] }, ...results];
  });

/** Requests in the form that both dialects hold without loss. */
export const sharedRequest: fc.Arbitrary<ChatRequest> = fc
  .record({
    system: fc.array(textPart, { maxLength: 2 }),
    exchanges: fc.array(exchange, { maxLength: 1 }),
    last: fc.array(userPart, { minLength: 1, maxLength: 3 }),
    tools: fc.array(
      fc.record({
        name,
        description: text,
        parameters: fc.constant({ type: 'object', properties: { a: { type: 'string' } } }),
        strict: fc.boolean(),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    toolChoice: fc.oneof(fc.constantFrom('auto' as const, 'required' as const), fc.record({ name })),
    parallelToolCalls: fc.boolean(),
    maxTokens: fc.integer({ min: 1, max: 4_000 }),
    temperature: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
    stop: fc.array(text, { maxLength: 3 }),
    seed: fc.integer({ min: 1, max: 99 }),
    presencePenalty: fc.constantFrom(-2, 0.5, 2),
    stream: fc.boolean(),
  })
  .map(({ exchanges, last, ...rest }) => ({
    ...EMPTY_REQUEST,
    ...rest,
    messages: [...exchanges.flat(), ...(exchanges.length > 0 ? [] : [{ role: 'user' as const, content: last }])],
  }));
