import {
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  type Message,
  type ToolConfiguration,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from 'vitest';
import { bedrockAt, gatewayFor, MODEL, mocked, simulated } from './testing/bedrock.ts';

const messages: Message[] = [{ role: 'user', content: [{ text: 'Say hello' }] }];
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const toolConfig: ToolConfiguration = {
  tools: [
    {
      toolSpec: {
        name: 'get_weather',
        description: 'The weather in a city',
        inputSchema: { json: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
      },
    },
  ],
};

async function collect(stream: AsyncIterable<ConverseStreamOutput> | undefined): Promise<ConverseStreamOutput[]> {
  const events: ConverseStreamOutput[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
}

const textOf = (events: readonly ConverseStreamOutput[]) =>
  events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');
const inputOf = (events: readonly ConverseStreamOutput[]) =>
  events.map((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? '').join('');

/** Who stands behind the gateway. What answers with something is asked for it in the words of the mock's fixtures. */
const UPSTREAMS: readonly [string, () => Promise<{ providers: Record<string, object>; model: string }>][] = [
  [
    'our simulator',
    async () => {
      const { url } = await simulated({ providers: { bedrock: { toolCalls: { probability: 1 } } } });
      return { providers: { bedrock: bedrockAt(`${url}/bedrock`) }, model: MODEL };
    },
  ],
  [
    'an independent mock',
    async () => {
      const mock = await mocked();
      mockAnswers(mock);
      return { providers: { bedrock: bedrockAt(mock.url) }, model: MODEL };
    },
  ],
  [
    'our simulator, as OpenAI',
    async () => {
      const { url } = await simulated({ providers: { openai: { toolCalls: { probability: 1 } } } });
      const openai = {
        type: 'openai',
        baseURL: `${url}/openai/v1`,
        allowPrivateNetwork: true,
        keys: [{ value: 'sk' }],
      };
      return { providers: { openai }, model: 'openai/gpt-4o' };
    },
  ],
  [
    'an independent mock, as OpenAI',
    async () => {
      const mock = await mocked();
      mockAnswers(mock);
      const openai = { type: 'openai', baseURL: `${mock.url}/v1`, allowPrivateNetwork: true, keys: [{ value: 'sk' }] };
      return { providers: { openai }, model: 'openai/gpt-4o' };
    },
  ],
];

function mockAnswers(mock: Awaited<ReturnType<typeof mocked>>): void {
  mock.on({ toolCallId: 'call_w1' }, { content: 'It is sunny in Oslo.' });
  mock.onMessage(/weather/, { toolCalls: [{ id: 'call_w1', name: 'get_weather', arguments: '{"city":"Oslo"}' }] });
  mock.onMessage(/./, { content: 'Hello, Grüße aus 東京 🚀!' });
}

describe.each(UPSTREAMS)('AWS’s own client, in front of %s', (_name, upstream) => {
  async function start() {
    const { providers, model } = await upstream();
    return { ...(await gatewayFor(providers as never)), modelId: model };
  }

  test('chats', async () => {
    const { aws, modelId } = await start();
    const answer = await aws.send(
      new ConverseCommand({
        modelId,
        messages,
        system: [{ text: 'Be brief.' }],
        inferenceConfig: { maxTokens: 4_000, temperature: 0.5 },
      }),
    );
    expect(answer.output?.message?.role).toBe('assistant');
    expect(answer.output?.message?.content?.[0]?.text).toMatch(/\w/);
    expect(answer.stopReason).toBe('end_turn');
    expect(answer.usage?.totalTokens).toBe((answer.usage?.inputTokens ?? 0) + (answer.usage?.outputTokens ?? 0));
  });

  test('streams, in the order of events that the dialect has', async () => {
    const { aws, modelId } = await start();
    const { stream } = await aws.send(new ConverseStreamCommand({ modelId, messages }));
    const events = await collect(stream);
    const names = events.map((event) => Object.keys(event)[0]);
    expect(names[0]).toBe('messageStart');
    expect(names.slice(-3)).toEqual(['contentBlockStop', 'messageStop', 'metadata']);
    expect(names).not.toContain('$unknown');
    expect(textOf(events)).toMatch(/\w/);
    expect(events.at(-2)?.messageStop?.stopReason).toBe('end_turn');
    expect(events.at(-1)?.metadata?.usage).toBeDefined();
  });

  test('calls tools in a loop of two turns', async () => {
    const { aws, modelId } = await start();
    const asked: Message[] = [{ role: 'user', content: [{ text: 'How is the weather in Oslo?' }] }];
    const first = await aws.send(new ConverseCommand({ modelId, messages: asked, toolConfig }));
    expect(first.stopReason).toBe('tool_use');
    const said = first.output?.message as Message;
    const call = said.content?.find((block) => block.toolUse !== undefined)?.toolUse;
    expect(call?.name).toBe('get_weather');
    expect(call?.input).toEqual({ city: expect.any(String) });
    const result = { toolUseId: call?.toolUseId, content: [{ json: { weather: 'sunny' } }] };
    const second = await aws.send(
      new ConverseCommand({
        modelId,
        messages: [...asked, said, { role: 'user', content: [{ toolResult: result }] }],
        toolConfig,
      }),
    );
    expect(second.output?.message?.content).not.toEqual([]);
  });

  test('streams a call of a tool', async () => {
    const { aws, modelId } = await start();
    const asked: Message[] = [{ role: 'user', content: [{ text: 'weather in Oslo?' }] }];
    const { stream } = await aws.send(new ConverseStreamCommand({ modelId, messages: asked, toolConfig }));
    const events = await collect(stream);
    const start1 = events.find((event) => event.contentBlockStart?.start?.toolUse)?.contentBlockStart;
    expect(start1?.start?.toolUse?.name).toBe('get_weather');
    expect(JSON.parse(inputOf(events))).toEqual({ city: expect.any(String) });
    expect(events.at(-2)?.messageStop?.stopReason).toBe('tool_use');
  });

  test('sends an image', async () => {
    const { aws, modelId } = await start();
    const seen: Message[] = [
      { role: 'user', content: [{ text: 'Look' }, { image: { format: 'png', source: { bytes: PNG } } }] },
    ];
    const answer = await aws.send(new ConverseCommand({ modelId, messages: seen }));
    expect(answer.output?.message?.content?.[0]?.text).toMatch(/\w/);
  });
});

describe('an OpenAI client, served by Bedrock', () => {
  test.each(UPSTREAMS.slice(0, 2))('behind it %s', async (_name, upstream) => {
    const { providers } = await upstream();
    const { openai } = await gatewayFor(providers as never);
    const model = `bedrock/${MODEL}`;
    const whole = await openai.chat.completions.create({ model, messages: [{ role: 'user', content: 'Say hello' }] });
    expect(whole.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringMatching(/\w/) },
    });
    const stream = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Say hello' }],
      stream: true,
    });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toMatch(/\w/);
    const tools = [
      {
        type: 'function' as const,
        function: {
          name: 'get_weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
        },
      },
    ];
    const called = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'weather in Oslo?' }],
      tools,
    });
    const call = called.choices[0]?.message.tool_calls?.[0];
    expect(called.choices[0]?.finish_reason).toBe('tool_calls');
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
    const image = `data:image/png;base64,${PNG.toString('base64')}`;
    const content = [
      { type: 'text' as const, text: 'Look' },
      { type: 'image_url' as const, image_url: { url: image } },
    ];
    const looked = await openai.chat.completions.create({ model, messages: [{ role: 'user', content }] });
    expect(looked.choices[0]?.message.content).toMatch(/\w/);
  });
});

describe('errors, as AWS’s client knows them', () => {
  async function failing(status: number, body?: object, headers: Record<string, string> = {}) {
    const faults = [{ name: 'status' as const, status, headers, ...(body && { body }) }];
    const { url } = await simulated({ providers: { bedrock: {} }, faults: faults as never });
    const chains = undefined;
    return gatewayFor({ bedrock: bedrockAt(`${url}/bedrock`) } as never, chains);
  }

  const thrown = async (work: Promise<unknown>): Promise<Error & { $metadata?: { httpStatusCode?: number } }> =>
    work.then(
      () => Promise.reject(new Error('resolved')),
      (error: Error) => error,
    );

  test.each([
    [400, 'ValidationException', 'ValidationException', 400],
    [403, 'AccessDeniedException', 'AccessDeniedException', 403],
    [404, 'ResourceNotFoundException', 'ResourceNotFoundException', 404],
    [500, 'InternalServerException', 'InternalServerException', 500],
  ])('%i %s', async (status, upstreamName, name, seen) => {
    const { aws } = await failing(status, { message: 'no' }, { 'x-amzn-errortype': upstreamName });
    const error = await thrown(aws.send(new ConverseCommand({ modelId: MODEL, messages })));
    expect(error.name).toBe(name);
    expect(error.$metadata?.httpStatusCode).toBe(seen);
    expect(error.message).toContain('no');
  });

  test('a body that cannot be translated names its field', async () => {
    const { url } = await simulated({ providers: { openai: {} } });
    const openai = { type: 'openai', baseURL: `${url}/openai/v1`, allowPrivateNetwork: true, keys: [{ value: 'sk' }] };
    const { aws } = await gatewayFor({ openai } as never);
    const guardrailConfig = { guardrailIdentifier: 'g', guardrailVersion: '1' };
    const error = await thrown(aws.send(new ConverseCommand({ modelId: 'openai/gpt-4o', messages, guardrailConfig })));
    expect(error.name).toBe('ValidationException');
    expect(error.message).toContain('guardrailConfig');
  });

  test('a stream that breaks is an exception of the stream', async () => {
    const faults = [{ name: 'error_event_midstream' as const, afterEvents: 2, error: 'overloaded' as const }];
    const { url } = await simulated({ providers: { bedrock: { outputTokens: 50 } }, faults });
    const { aws } = await gatewayFor({ bedrock: bedrockAt(`${url}/bedrock`) } as never);
    const { stream } = await aws.send(new ConverseStreamCommand({ modelId: MODEL, messages }));
    const error = await thrown(collect(stream));
    expect(['ModelStreamErrorException', 'ServiceUnavailableException']).toContain(error.name);
  });

  test('a Claude at Bedrock that has no room is answered for by another provider', async () => {
    const { url } = await simulated({
      providers: { bedrock: {}, openai: {} },
      faults: [{ name: 'status', status: 429, when: { provider: 'bedrock' } }],
    });
    const openai = { type: 'openai', baseURL: `${url}/openai/v1`, allowPrivateNetwork: true, keys: [{ value: 'sk' }] };
    const { aws } = await gatewayFor({ bedrock: bedrockAt(`${url}/bedrock`), openai } as never, {
      [`bedrock/${MODEL}`]: ['openai/gpt-4o'],
    });
    const { stream } = await aws.send(new ConverseStreamCommand({ modelId: MODEL, messages }));
    expect(textOf(await collect(stream))).toMatch(/\w/);
  });
});

test('inference profiles and ARNs are names of models', async () => {
  const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0';
  const profile = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
  // Other names are not served.
  const { url } = await simulated({ providers: { bedrock: { models: [profile, arn] } } });
  const { aws } = await gatewayFor({ bedrock: bedrockAt(`${url}/bedrock`) } as never);
  for (const modelId of [profile, arn]) {
    const answer = await aws.send(new ConverseCommand({ modelId, messages }));
    expect(answer.stopReason).toBe('end_turn');
  }
});
