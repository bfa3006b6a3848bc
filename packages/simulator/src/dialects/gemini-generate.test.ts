import { describe, expect, test } from 'vitest';
import { createContext } from '@x/core';
import { Bench, eventsOf, joined, parse, read, type Told } from '../../test/harness.ts';

const TOOL = {
  functionDeclarations: [
    {
      name: 'lookup',
      parameters: { type: 'OBJECT', properties: { id: { type: 'INTEGER' }, word: { type: 'string' } } },
    },
  ],
};
const CALL = { functionCall: { name: 'lookup', args: {} } };
const RESULT = { functionResponse: { name: 'lookup', response: { output: 'x' } } };
const user = (...parts: object[]) => ({ role: 'user', parts });
const model = (...parts: object[]) => ({ role: 'model', parts });
const HELLO = user({ text: 'Summarize this ticket.' });

interface Asked {
  readonly body?: object;
  readonly method?: 'generateContent' | 'streamGenerateContent';
  readonly name?: string;
}

/** Asks the way Google's own client does. */
function ask({ body = {}, method = 'generateContent', name = 'm' }: Asked = {}): Promise<Told> {
  const { clock, simulator } = new Bench({ providers: { gemini: { outputTokens: 12, toolCalls: { parallel: 2 } } } });
  const request = {
    method: 'POST',
    url: `http://simulator.invalid/gemini/v1beta/models/${name}:${method}${method === 'generateContent' ? '' : '?alt=sse'}`,
    headers: { 'x-goog-api-key': 'key-1', 'content-type': 'application/json' },
    body: JSON.stringify({ contents: [HELLO], ...body }),
  };
  return clock.run(async () => read(await simulator.transport(request, createContext({ clock }))));
}

describe('a whole answer', () => {
  test('has one candidate, and usage that fits its text', async () => {
    const body = parse((await ask()).text);
    const text = joined([body['candidates']?.['0']?.['content']?.['parts']?.['0']?.['text']]);
    const output = Math.ceil(text.length / 4);
    expect(body).toMatchObject({
      candidates: [{ content: { role: 'model' }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 6, candidatesTokenCount: output, totalTokenCount: 6 + output },
      modelVersion: 'm',
      responseId: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test('is cut at maxOutputTokens', async () => {
    const body = parse((await ask({ body: { generationConfig: { maxOutputTokens: 3 } } })).text);
    expect(body).toMatchObject({
      candidates: [{ finishReason: 'MAX_TOKENS' }],
      usageMetadata: { candidatesTokenCount: 3 },
    });
  });

  test.each([
    [{ mode: 'ANY' }, 2],
    [{ mode: 'ANY', allowedFunctionNames: ['lookup'] }, 1],
  ])('calls functions for %j', async (functionCallingConfig, calls) => {
    const body = parse((await ask({ body: { tools: [TOOL], toolConfig: { functionCallingConfig } } })).text);
    const parts = body['candidates']?.['0']?.['content']?.['parts'];
    expect(parts).toHaveLength(calls);
    expect(parts?.['0']).toEqual({
      functionCall: { name: 'lookup', args: { id: expect.any(Number), word: expect.any(String) } },
    });
  });

  test('an image counts for what it costs, not for its bytes', async () => {
    const image = { inlineData: { mimeType: 'image/png', data: 'A'.repeat(100_000) } };
    expect(parse((await ask({ body: { contents: [user(image)] } })).text)).toMatchObject({
      usageMetadata: { promptTokenCount: 85 },
    });
  });
});

test('a stream sends pieces of the answer, and the reason with the last one', async () => {
  const told = await ask({ method: 'streamGenerateContent' });
  const events = eventsOf(told.text).map(({ data }) => parse(data));
  const reasons = events.map((event) => event['candidates']?.['0']?.['finishReason']);
  expect(reasons.slice(0, -1).every((reason) => reason === undefined)).toBe(true);
  expect(reasons.at(-1)).toBe('STOP');
  const text = joined(events.map((event) => event['candidates']?.['0']?.['content']?.['parts']?.['0']?.['text'] ?? ''));
  expect(events.at(-1)?.['usageMetadata']).toMatchObject({ candidatesTokenCount: Math.ceil(text.length / 4) });
  expect(told.headers['content-type']).toContain('text/event-stream');
});

describe('a request that makes no sense', () => {
  test.each([
    [{ contents: [] }, 'contents are required'],
    [{ contents: [{ role: 'system', parts: [{ text: 'x' }] }] }, 'Please use a valid role: user, model.'],
    [{ contents: [user()] }, 'contents.parts must not be empty.'],
    [{ contents: [HELLO, model(CALL, CALL), user(RESULT)] }, 'number of function response parts'],
    [{ contents: [HELLO, user(RESULT)] }, 'number of function response parts'],
    [{ generationConfig: { maxOutputTokens: 0 } }, 'max_output_tokens: must be a positive integer'],
    [
      { tools: [TOOL], toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['x'] } } },
      'x is not a declared',
    ],
  ])('%j answers 400', async (body, message) => {
    const told = await ask({ body });
    expect(told.status).toBe(400);
    expect(parse(told.text)['error']).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(told.text).toContain(message);
  });
});

test('newer models sign their calls, and want the signature back', async () => {
  const name = 'gemini-3-pro-preview';
  const told = await ask({ name, body: { tools: [TOOL], toolConfig: { functionCallingConfig: { mode: 'ANY' } } } });
  const parts = parse(told.text)['candidates']?.['0']?.['content']?.['parts'] as unknown as object[];
  expect(parts[0]).toMatchObject({ thoughtSignature: expect.any(String) });
  const contents = (calls: object[]) => [HELLO, model(...calls), user(RESULT, RESULT)];
  expect((await ask({ name, body: { contents: contents(parts) } })).status).toBe(200);
  const without = await ask({ name, body: { contents: contents([CALL, CALL]) } });
  expect(without.status).toBe(400);
  expect(without.text).toContain('missing a thought_signature');
});
