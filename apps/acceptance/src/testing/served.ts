import { LLMock } from '@copilotkit/aimock';
import { configFromObject } from '@x/config';
import { createGateway } from '@x/gateway';
import { createSimulator } from '@x/simulator';
import { expect } from 'vitest';

/** Who stands behind the gateway. */
export type Upstream = 'simulator' | 'aimock';

export interface Served extends AsyncDisposable {
  /** Where the gateway listens, without a path. */
  readonly origin: string;
  /** Bodies that reached the mock, oldest first, in its own form of them. Empty for the simulator. */
  received(): readonly unknown[];
}

/** As Bedrock names it. */
export const SONNET = 'anthropic.claude-sonnet-4-5-20250929-v1:0';

const MODELS = [
  'gemini-2.5-flash',
  'gemini-3-pro-preview',
  'gpt-4o-mini',
  'claude-sonnet-4-5',
  SONNET,
  'command-a-03-2025',
  'text-embedding-3-small',
  'gemini-embedding-001',
  'embed-v4.0',
  'gpt-image-1',
  'tts-1',
  'whisper-1',
  'omni-moderation-latest',
];

/** What the answers hold, whoever gives them by heart. */
export const WORDS = { answer: 'The ticket asks for a refund.', weather: 'It rains in Oslo.', city: '{"city":"Oslo"}' };

/** What an answer should be: those words from the mock, and any words at all from the simulator, which writes at random. */
export function said(upstream: Upstream, words: string): unknown {
  return upstream === 'aimock' ? words : (expect.stringMatching(/[^]{10}/) as unknown);
}

/** A gateway over HTTP, as its configuration makes it, in front of one of the two. */
export async function served(upstream: Upstream): Promise<Served> {
  const behind = await (upstream === 'simulator' ? simulator() : aimock());
  const here = { keys: [{ value: 'upstream-key' }], allowPrivateNetwork: true };
  const config = configFromObject(
    {
      providers: {
        gemini: { baseURL: behind.gemini, ...here },
        vertex: { project: 'p', baseURL: behind.vertex, ...here },
        openai: { baseURL: behind.openai, ...here },
        anthropic: { baseURL: behind.anthropic, ...here },
        cohere: { baseURL: behind.cohere, ...here },
        bedrock: { baseURL: behind.bedrock, region: 'us-east-1', ...here },
        // The same as OpenAI, which speaks both, with one of them each.
        chat: { type: 'openai-compatible', baseURL: behind.openai, ...here },
        responses: { type: 'openai-compatible', dialects: ['openai.responses'], baseURL: behind.openai, ...here },
      },
    },
    {},
  );
  const gateway = createGateway(config);
  const port = await gateway.listen(0, '127.0.0.1');
  return {
    origin: `http://127.0.0.1:${port}`,
    received: behind.received,
    [Symbol.asyncDispose]: async () => {
      await gateway.close();
      await behind.close();
    },
  };
}

interface Behind {
  readonly gemini: string;
  readonly vertex: string;
  readonly openai: string;
  readonly anthropic: string;
  readonly cohere: string;
  readonly bedrock: string;
  received(): readonly unknown[];
  close(): Promise<unknown>;
}

async function simulator(): Promise<Behind> {
  const provider = { keys: [{ name: 'one', value: 'upstream-key' }], models: MODELS };
  const listening = await createSimulator({
    providers: {
      gemini: provider,
      vertex: { ...provider, style: 'gemini' },
      openai: provider,
      anthropic: provider,
      cohere: provider,
      bedrock: provider,
    },
  }).listen();
  const { url } = listening;
  return {
    gemini: `${url}/gemini/v1beta`,
    vertex: `${url}/vertex/v1`,
    openai: `${url}/openai/v1`,
    anthropic: `${url}/anthropic/v1`,
    cohere: `${url}/cohere/v2`,
    bedrock: `${url}/bedrock`,
    received: () => [],
    close: () => listening.close(),
  };
}

async function aimock(): Promise<Behind> {
  const mock = new LLMock({ port: 0, logLevel: 'silent' });
  mock.on({ toolResultContains: 'rain' }, { content: WORDS.weather });
  mock.onMessage(/weather/i, { toolCalls: [{ name: 'get_weather', arguments: WORDS.city }] });
  mock.onMessage(/where/i, { content: WORDS.city });
  mock.onMessage(/./, { content: WORDS.answer });
  mock.onEmbedding(/./, { embedding: [0.5, -0.25, 0.125] });
  mock.onImage(/./, { image: { b64Json: 'aW1hZ2U=' } });
  mock.onSpeech(/./, { audio: Buffer.from([0, 255, 128, 1]).toString('base64'), format: 'mp3' });
  mock.onTranscription({ transcription: { text: WORDS.answer } });
  mock.onModerate(/./, { flagged: false, categories: {} });
  const url = await mock.start();
  return {
    gemini: `${url}/v1beta`,
    vertex: `${url}/v1`,
    openai: `${url}/v1`,
    anthropic: `${url}/v1`,
    cohere: `${url}/v2`,
    bedrock: url,
    received: () => mock.getRequests().map(({ body }) => body as unknown),
    close: () => mock.stop(),
  };
}
