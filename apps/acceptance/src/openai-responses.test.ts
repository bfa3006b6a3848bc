import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SONNET, said, served, WORDS, type Served, type Upstream } from './testing/served.ts';

const UPSTREAMS: readonly Upstream[] = ['simulator', 'aimock'];
/** As it is, and translated into each of the other dialects. */
const MODELS = [
  'gpt-4o-mini',
  'chat/gpt-4o-mini',
  'anthropic/claude-sonnet-4-5',
  'gemini/gemini-2.5-flash',
  `bedrock/${SONNET}`,
];
const PARAMETERS = {
  type: 'object' as const,
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const ASK = 'What is the weather in Oslo?';
const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

type Item = OpenAI.Responses.ResponseInputItem;
type Output = OpenAI.Responses.ResponseOutputItem;
type Event = OpenAI.Responses.ResponseStreamEvent;

function isCall(item: Output): item is OpenAI.Responses.ResponseFunctionToolCall {
  return item.type === 'function_call';
}

describe.each(UPSTREAMS)('Responses by openai’s own client, with %s behind the gateway', (upstream) => {
  let world: Served;

  beforeAll(async () => {
    world = await served(upstream);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  const client = () => new OpenAI({ apiKey: 'anything', baseURL: `${world.origin}/v1`, maxRetries: 0 });
  const isAnswer = (text: string, words: string) => expect(text).toEqual(said(upstream, words));

  describe.each(MODELS)('%s', (model) => {
    test('a whole answer', async () => {
      const answer = await client().responses.create({
        model,
        instructions: 'Be kind.',
        input: 'Summarize this ticket.',
      });
      isAnswer(answer.output_text, WORDS.answer);
      expect(answer).toMatchObject({ object: 'response', id: expect.stringMatching(/^resp/) as unknown });
      expect(answer.status).toMatch(/^(?:completed|incomplete)$/);
      expect(answer.usage?.total_tokens).toBeGreaterThanOrEqual(0);
      expect(answer).toHaveProperty('extra_fields.attempts');
    });

    test('a stream, in the order of its own', async () => {
      const stream = client().responses.stream({ model, input: 'Summarize this ticket.' });
      const types: string[] = [];
      for await (const event of stream) types.push(event.type);
      const answer = await stream.finalResponse();
      isAnswer(answer.output_text, WORDS.answer);
      expect([...new Set(types)]).toEqual([
        'response.created',
        'response.in_progress',
        'response.output_item.added',
        'response.content_part.added',
        'response.output_text.delta',
        'response.output_text.done',
        'response.content_part.done',
        'response.output_item.done',
        `response.${answer.status}`,
      ]);
    });

    test.each([false, true])('tools in a loop of two turns, stream: %s', async (stream) => {
      const tools = [{ type: 'function' as const, name: 'get_weather', parameters: PARAMETERS, strict: true }];
      const input: Item[] = [{ role: 'user', content: ASK }];
      const forced = { model, input, tools, tool_choice: 'required' as const, store: false };
      const asked = stream
        ? await client().responses.stream(forced).finalResponse()
        : await client().responses.create(forced);
      const calls = (asked.output as Output[]).filter(isCall);
      expect(calls.length).toBeGreaterThan(0);
      for (const call of calls) {
        expect(call.name).toBe('get_weather');
        expect(JSON.parse(call.arguments)).toMatchObject({ city: expect.any(String) as unknown });
      }
      const outputs = calls.map((call): Item => ({
        type: 'function_call_output',
        call_id: call.call_id,
        output: 'rain',
      }));
      // What was answered goes back as it came.
      const next = [...input, ...(asked.output as Item[]), ...outputs];
      const answer = await client().responses.create({ model, input: next, tools, store: false });
      isAnswer(answer.output_text, WORDS.weather);
    });

    test('structured output', async () => {
      const answer = await client().responses.create({
        model,
        input: 'Where is it?',
        text: { format: { type: 'json_schema', name: 'place', strict: true, schema: PARAMETERS } },
      });
      isAnswer(answer.output_text, WORDS.city);
    });

    test('an image', async () => {
      const content = [
        { type: 'input_image' as const, image_url: PNG, detail: 'auto' as const },
        { type: 'input_text' as const, text: 'What is this?' },
      ];
      const answer = await client().responses.create({ model, input: [{ role: 'user', content }] });
      isAnswer(answer.output_text, WORDS.answer);
    });
  });

  test.each<[string, Partial<OpenAI.Responses.ResponseCreateParamsNonStreaming>]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['tools[0].type', { tools: [{ type: 'web_search' }] }],
    [
      'input[0].content[0].file_id',
      { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file-1' }] }] },
    ],
  ])('%s, which only OpenAI has, is refused elsewhere by its name', async (param, body) => {
    for (const model of MODELS.slice(1)) {
      const asked = client().responses.create({ model, input: 'Hi', ...body });
      const error = await asked.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(error).toMatchObject({ status: 400, param, code: 'unsupported_field', type: 'invalid_request_error' });
    }
  });

  test('a provider that is not there is named', async () => {
    const asked = client().responses.create({ model: 'nobody/m', input: 'Hi' });
    await expect(asked).rejects.toMatchObject({ status: 404, code: 'unknown_provider' });
  });

  test('a caller may leave in the middle of a stream', async () => {
    const stream = await client().responses.create({ model: 'anthropic/claude-sonnet-4-5', input: 'Hi', stream: true });
    const seen: Event[] = [];
    for await (const event of stream) {
      seen.push(event);
      break;
    }
    expect(seen.map(({ type }) => type)).toEqual(['response.created']);
  });
});
