import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { createLlmRequest, JsonBody, PipelineError, type JsonObject, type JsonValue, type LlmRequest } from '@x/core';
import { openai } from '../openai/openai.ts';
import { keyed, read } from '../testing/calls.ts';
import { fakeTransport, sse, type FakeAnswer } from '../testing/fake-transport.ts';
import { gemini } from './gemini.ts';

const MESSAGES = { max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };
const BODIES = {
  'gemini.generate': { contents: [{ parts: [{ text: 'Hello' }] }] },
  'openai.chat': MESSAGES,
  'anthropic.messages': MESSAGES,
} as const;
type Caller = keyof typeof BODIES;
const CALLERS = Object.keys(BODIES) as Caller[];

function asked(dialect: Caller, body: JsonObject = BODIES[dialect], stream = false): LlmRequest {
  return createLlmRequest({ dialect, body: JsonBody.of(body), model: 'gemini/gemini-3-pro-preview', stream });
}

/** Members of an answer with values that have no business there, and now and then the right ones. */
const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, 0, -1, 1e308, '', 'x', 'STOP', 'SAFETY', 'model', '{'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('text', 'parts', 'name', 'args', 'id', 'functionCall', 'content', '__proto__'),
      tie('value'),
    ),
  ),
}));
const part = fc.record(
  {
    text: value,
    thought: value,
    thoughtSignature: value,
    functionCall: fc.oneof(value, fc.record({ name: value, args: value, id: value })),
  },
  { requiredKeys: [] },
);
const candidate = fc.record(
  {
    content: fc.oneof(value, fc.record({ parts: fc.oneof(value, fc.array(part, { maxLength: 3 })) })),
    finishReason: value,
    index: value,
  },
  { requiredKeys: [] },
);
const answer = fc
  .record(
    {
      candidates: fc.oneof(value, fc.array(candidate, { maxLength: 2 })),
      promptFeedback: fc.oneof(value, fc.record({ blockReason: value })),
      usageMetadata: fc.oneof(
        value,
        fc.record({ promptTokenCount: value, candidatesTokenCount: value, thoughtsTokenCount: value }),
      ),
      error: value,
      responseId: value,
      modelVersion: value,
    },
    { requiredKeys: [] },
  )
  .map((body) => JSON.stringify(body));
const garbage = fc.oneof(
  answer,
  fc.string(),
  // Cut wherever the connection broke.
  fc.tuple(answer, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
);

/** The error that a call rejects with, whole or in its stream; undefined for an answer. Anything else is thrown on. */
async function failureOf(
  request: LlmRequest,
  upstream: FakeAnswer,
  provider = gemini,
): Promise<PipelineError | undefined> {
  try {
    const response = await provider({ transport: fakeTransport(upstream) })(request, keyed());
    if (response.stream) await read(response);
    else void response.body.bytes;
    return undefined;
  } catch (error) {
    if (!PipelineError.isInstance(error)) throw error;
    return error;
  }
}

describe.each(CALLERS)('a caller of %s', (dialect) => {
  test('garbage from the provider is the provider’s failure, by name', async () => {
    await fc.assert(
      fc.asyncProperty(garbage, async (text) => {
        const error = await failureOf(asked(dialect), {
          headers: { 'content-type': 'application/json' },
          chunks: [text],
        });
        if (error === undefined) return;
        expect(error.kind).toBe('server_error');
        expect(error.message).toMatch(/^gemini: /);
      }),
      { numRuns: 400 },
    );
  });

  test('garbage in a stream is the provider’s failure, or left out', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { maxLength: 5 }), async (texts) => {
        const chunks = texts.map((text) => `data: ${text.replaceAll(/[\r\n]/g, ' ')}\n\n`);
        const error = await failureOf(asked(dialect, BODIES[dialect], true), sse(...chunks));
        if (error === undefined) return;
        expect(['server_error', 'stream_broken']).toContain(error.kind);
        expect(error.message).toContain('gemini: ');
      }),
      { numRuns: 400 },
    );
  });
});

describe('arguments without end', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const calling = (args: string) =>
    `{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":${args}}}]},"finishReason":"STOP"}]}`;
  const whole = (text: string): FakeAnswer => ({ headers: { 'content-type': 'application/json' }, chunks: [text] });

  test('10 MB of them', async () => {
    const large = calling(JSON.stringify({ a: 'x'.repeat(10_000_000) }));
    expect(await failureOf(asked('openai.chat'), whole(large))).toBeUndefined();
  });

  test.each(CALLERS)('nested deeper than the stack, for a caller of %s', async (dialect) => {
    const deep = calling(nested(100_000));
    const translated = dialect === 'gemini.generate' ? undefined : 'server_error';
    expect((await failureOf(asked(dialect), whole(deep)))?.kind).toBe(translated);
    expect((await failureOf(asked(dialect, BODIES[dialect], true), sse(`data: ${deep}\n\n`)))?.kind).toBe(
      'server_error',
    );
  });

  test('a caller’s are the caller’s mistake', async () => {
    const parts = `[{"functionCall":{"name":"f","args":${nested(100_000)}}}]`;
    const body = JsonBody.parse(new TextEncoder().encode(`{"contents":[{"role":"model","parts":${parts}}]}`));
    const request = createLlmRequest({ dialect: 'gemini.generate', body, model: 'openai/gpt-4o' });
    expect(await failureOf(request, {}, openai)).toMatchObject({ kind: 'invalid_request', code: 'invalid_json' });
  });
});

test('garbage from a caller of Gemini is the caller’s mistake, and names the field', async () => {
  const names = [
    'contents',
    'systemInstruction',
    'tools',
    'toolConfig',
    'generationConfig',
    'system_instruction',
    'cachedContent',
  ];
  const body = fc.dictionary(fc.constantFrom(...names), value);
  const contents = fc.array(
    fc.record({ role: fc.constantFrom('user', 'model', 'x'), parts: fc.array(part, { maxLength: 3 }) }),
  );
  const ok = { chunks: ['{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}'] };
  await fc.assert(
    fc.asyncProperty(body, fc.option(contents, { nil: undefined }), async (rest, turns) => {
      const request = asked('gemini.generate', turns === undefined ? rest : { ...rest, contents: turns });
      const error = await failureOf(request, ok, openai);
      if (error === undefined) return;
      expect(error.kind).toBe('invalid_request');
      expect(error.param).toMatch(
        /^(?:contents|systemInstruction|tools|toolConfig|generationConfig|cachedContent|messages)/,
      );
    }),
    { numRuns: 800 },
  );
});
