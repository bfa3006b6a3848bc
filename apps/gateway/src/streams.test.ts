import Anthropic from '@anthropic-ai/sdk';
import { createSimulator, SIMULATED_PROVIDERS, type FaultRule } from '@x/simulator';
import OpenAI from 'openai';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { demoConfig } from './demo.ts';
import { createGateway } from './gateway.ts';

const MODEL = 'openai/gpt-4o-mini';
const CLAUDE = 'anthropic/claude-3-5-sonnet-20241022';
const messages = [{ role: 'user' as const, content: 'Tell me a long story, please.' }];

/** Milliseconds of silence that the gateway bears here. */
const IDLE_MS = 250;

const AT_ONCE = Object.fromEntries(
  Object.entries(SIMULATED_PROVIDERS).map(([name, provider]) => [name, { ...provider, latency: undefined }]),
);

/** A gateway in front of simulated providers, of which one cuts its streams. */
async function cutting(provider: string, how: 'reset' | 'end' | 'stall' = 'end') {
  const when = { provider };
  const cut: FaultRule =
    how === 'stall'
      ? { name: 'stall_stream', afterEvents: 4, when }
      : { name: 'cut_stream', how, afterEvents: 4, when };
  const simulator = createSimulator({ providers: AT_ONCE, faults: [cut] });
  const simulated = await simulator.listen();
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as never) });
  const config = demoConfig(simulated.url);
  const gateway = createGateway({ ...config, streams: { ...config.streams, idleMs: IDLE_MS } }, { logger });
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
  onTestFinished(async () => {
    await gateway.close();
    await simulated.close();
  });
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'the-callers-own', maxRetries: 0 });
  const anthropic = new Anthropic({ baseURL: `${url}/anthropic`, apiKey: 'the-callers-own', maxRetries: 0 });
  return { simulator, openai, anthropic, lines, gateway };
}

test('openai’s client gets one whole answer though its provider cuts every stream', async () => {
  const { openai, lines, gateway, simulator } = await cutting('openai');
  const body = { model: MODEL, messages, stream: true as const, stream_options: { include_usage: true } };
  const stream = await openai.chat.completions.create({ ...body, fallbacks: [CLAUDE] } as typeof body);
  const seen = { ids: new Set<string>(), text: '', finishes: 0, output: 0, contributors: undefined as unknown };
  for await (const chunk of stream) {
    seen.ids.add(chunk.id);
    seen.text += chunk.choices[0]?.delta.content ?? '';
    if (chunk.choices[0]?.finish_reason) seen.finishes += 1;
    seen.output += chunk.usage?.completion_tokens ?? 0;
    if ('extra_fields' in chunk) seen.contributors = chunk.extra_fields;
  }
  expect(seen.ids.size).toBe(1);
  expect([seen.finishes, seen.text.length > 0, seen.output > 0]).toEqual([1, true, true]);
  expect(seen.contributors).toEqual({ contributors: [MODEL, CLAUDE] });
  expect(simulator.stats().providers['anthropic']?.ok).toBe(1);
  expect(gateway.inFlight).toBe(0);
  expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({
    outcome: 'completed',
    served: MODEL,
    contributors: [MODEL, CLAUDE],
  });
});

test('anthropic’s client too, in its own dialect', async () => {
  const { anthropic, lines } = await cutting('openai');
  const body = { model: MODEL, max_tokens: 500, messages, fallbacks: [CLAUDE] };
  const final = await anthropic.messages.stream(body as never).finalMessage();
  expect(final.content).toHaveLength(1);
  expect(final).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text' }] });
  expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({ contributors: [MODEL, CLAUDE] });
});

test('a stream that stalls is left, closed at the provider, and taken up by the next target', async () => {
  const { openai, simulator } = await cutting('openai', 'stall');
  const body = { model: MODEL, messages, stream: true as const };
  const stream = await openai.chat.completions.create({ ...body, fallbacks: [CLAUDE] } as typeof body);
  let finish: string | null | undefined;
  for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
  expect(finish).toBe('stop');
  expect(simulator.stats().providers).toMatchObject({ openai: { inFlight: 0 }, anthropic: { ok: 1 } });
});

test('what nobody can go on with is an error for both clients, never a short answer', async () => {
  // The model takes no prefill, and what the simulator says differs each time.
  const { openai, anthropic } = await cutting('openai');
  const failed = async () => {
    const stream = await openai.chat.completions.create({ model: MODEL, messages, stream: true });
    for await (const _ of stream);
  };
  await expect(failed()).rejects.toThrow(/not resumed/);
  const short = anthropic.messages.stream({ model: MODEL, max_tokens: 500, messages }).finalMessage();
  await expect(short).rejects.toThrow(/not resumed/);
});

test('held, the next target answers alone, and the headers say so', async () => {
  const { openai } = await cutting('openai', 'reset');
  const body = { model: MODEL, messages, stream: true as const, fallbacks: [CLAUDE] };
  const headers = { 'x-gateway-hold': 'complete' };
  const { data, response } = await openai.chat.completions.create(body as never, { headers }).withResponse();
  let finish: string | null | undefined;
  for await (const chunk of data as unknown as AsyncIterable<OpenAI.ChatCompletionChunk>) {
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  expect([response.headers.get('x-gateway-provider'), finish]).toEqual(['anthropic', 'stop']);
});
