import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import {
  CREDENTIAL,
  createContext,
  pipeline,
  Trail,
  TRAIL,
  type FindModel,
  type Handler,
  type LlmRequest,
  type LlmResponse,
} from '@x/core';
import { chatCompletion, chatRequest, chatStream, failure, VirtualClock } from '@x/core/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { createTelemetry, type Telemetry } from '../telemetry.ts';

const USAGE = { inputTokens: 10, cacheReadTokens: 2, cacheWriteTokens: 3, outputTokens: 5, reasoningTokens: 7 };
const HOUR_MS = 3_600_000;

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The two ways out: through a meter, and as a producer of a reader. What is collected must be the same. */
const WAYS = ['meter', 'producer'] as const;

function collect(way: (typeof WAYS)[number], maxSeries = 100) {
  const clock = new VirtualClock();
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const producers: Telemetry['producer'][] = [];
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: HOUR_MS,
    metricProducers: producers,
  });
  const provider = new MeterProvider({ readers: [reader] });
  closers.push(() => provider.shutdown());
  const telemetry = createTelemetry({
    clock,
    maxSeries,
    ...(way === 'meter' ? { meter: provider.getMeter('test') } : {}),
  });
  producers.push(telemetry.producer);
  const metrics = async () => {
    const { resourceMetrics, errors } = await reader.collect();
    expect(errors).toEqual([]);
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(all.map((metric) => [metric.descriptor.name, metric]));
  };
  const call = (request: LlmRequest, answer: Handler<LlmRequest, LlmResponse>, key = 'openai-primary') => {
    const context = createContext({ clock }, CREDENTIAL.of({ name: key, value: 'sk-secret' }));
    return clock.run(pipeline([telemetry.request(), telemetry.attempt()], answer)(request, context));
  };
  return { clock, telemetry, metrics, call };
}

const points = (metric: MetricData | undefined) =>
  (metric?.dataPoints ?? []).map(({ attributes, value }) => [attributes, value] as const);

describe.each(WAYS)('metrics by %s', (way) => {
  test('what answers cost, for each target what its part did', async () => {
    const { clock, telemetry, metrics } = collect(way);
    const findModel: FindModel = ({ provider }) => {
      const rate = provider === 'openai' ? 1_000 : 2_000;
      const input = { inputTokens: rate, cacheReadTokens: rate, cacheWriteTokens: rate };
      return provider === 'local' ? undefined : { price: { ...input, outputTokens: rate, reasoningTokens: rate } };
    };
    const ask = (answer: LlmResponse, trail = new Trail()) => {
      const handler = pipeline([telemetry.request({ findModel })], async (_request: LlmRequest) => answer);
      return clock.run(handler(chatRequest(), createContext({ clock }, TRAIL.of(trail))));
    };
    await ask(chatCompletion({ usage: USAGE }));
    await ask(chatCompletion({ usage: USAGE }));
    await ask(chatCompletion({ target: 'local/llama', usage: USAGE }));
    const shared = new Trail();
    shared.shares = [
      { target: { provider: 'openai', model: 'gpt-4o-mini' }, usage: USAGE },
      { target: { provider: 'anthropic', model: 'claude' }, usage: USAGE },
    ];
    await ask(chatCompletion({ usage: USAGE }), shared);
    expect(points((await metrics()).get('gateway.cost.usd'))).toEqual([
      [{ provider: 'openai', model: 'gpt-4o-mini' }, (3 * 27_000) / 1e9],
      [{ provider: 'anthropic', model: 'claude' }, 54_000 / 1e9],
    ]);
  });

  test('requests, attempts, tokens and durations', async () => {
    const { clock, metrics, call } = collect(way);
    await call(chatRequest(), async () => {
      await clock.sleep(500);
      return chatCompletion({ usage: USAGE });
    });
    await call(chatRequest(), () => Promise.reject(failure('rate_limited')), 'openai-second').catch(() => undefined);
    const seen = await metrics();
    const target = { provider: 'openai', model: 'gpt-4o-mini' };
    expect(points(seen.get('gateway.requests'))).toEqual([
      [{ ...target, outcome: 'ok' }, 1],
      [{ ...target, outcome: 'rate_limited' }, 1],
    ]);
    expect(points(seen.get('gateway.attempts'))).toEqual([
      [{ ...target, key: 'openai-primary', outcome: 'ok' }, 1],
      [{ ...target, key: 'openai-second', outcome: 'rate_limited' }, 1],
    ]);
    expect(points(seen.get('gateway.attempts.time'))[0]?.[1]).toBeCloseTo(0.5);
    const genai = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-4o-mini',
    };
    for (const [name, tokens] of [
      ['input_tokens', 15],
      ['output_tokens', 12],
      ['cache_read.input_tokens', 2],
      ['cache_write.input_tokens', 3],
      ['reasoning.output_tokens', 7],
    ] as const) {
      expect(points(seen.get(`gen_ai.client.inference.usage.${name}`))).toEqual([[genai, tokens]]);
    }
    const durations = points(seen.get('gen_ai.client.operation.duration'));
    expect(durations).toMatchObject([
      [genai, { count: 1, min: 0.5, max: 0.5 }],
      [{ ...genai, 'error.type': 'rate_limited' }, { count: 1 }],
    ]);
    const { boundaries, counts } = (durations.map(([, value]) => value) as [Histogram, Histogram])[0].buckets;
    expect(counts.indexOf(1)).toBe(boundaries.indexOf(0.64));
    expect(points(seen.get('gateway.own.duration'))).toMatchObject([[{}, { count: 2 }]]);
  });

  test('streams: active until settled, then time to the first content', async () => {
    const { clock, metrics, call } = collect(way);
    const response = await call(chatRequest({ stream: true }), async () => {
      await clock.sleep(250);
      return chatStream();
    });
    expect(points((await metrics()).get('gateway.requests.active'))).toEqual([[{}, 1]]);
    await clock.advance(750);
    for await (const _ of response as ReturnType<typeof chatStream>);
    const seen = await metrics();
    expect(points(seen.get('gateway.requests.active'))).toEqual([[{}, 0]]);
    expect(points(seen.get('gen_ai.client.operation.time_to_first_chunk'))).toMatchObject([[{}, { sum: 0.25 }]]);
    expect(points(seen.get('gen_ai.client.operation.duration'))).toMatchObject([[{}, { sum: 1 }]]);
  });

  test('waits and fallbacks', async () => {
    const { telemetry, metrics } = collect(way);
    const from = { provider: 'openai', model: 'gpt-4o-mini' };
    telemetry.onWait({ target: from, kind: 'rate_limited', delayMs: 1_500 });
    telemetry.onWait({ target: from, kind: 'rate_limited', delayMs: 500 });
    telemetry.onWait({ target: undefined, kind: 'network', delayMs: 50 });
    telemetry.onFallback({ from, to: { provider: 'anthropic', model: 'claude' }, kind: 'rate_limited' });
    const seen = await metrics();
    expect(points(seen.get('gateway.waits'))).toEqual([
      [{ ...from, kind: 'rate_limited' }, 2],
      [{ kind: 'network' }, 1],
    ]);
    expect(points(seen.get('gateway.waits.time'))[0]?.[1]).toBe(2);
    expect(points(seen.get('gateway.fallbacks'))).toEqual([
      [{ from: 'openai/gpt-4o-mini', to: 'anthropic/claude', kind: 'rate_limited' }, 1],
    ]);
  });

  test('second calls and rescues', async () => {
    const { telemetry, metrics } = collect(way);
    const from = { provider: 'openai', model: 'gpt-4o-mini' };
    const to = { provider: 'anthropic', model: 'claude' };
    telemetry.onHedge({ second: to, winner: 'second' });
    telemetry.onResume({ from, to, mode: 'continue' });
    const seen = await metrics();
    expect(points(seen.get('gateway.hedges'))).toEqual([[{ ...to, winner: 'second' }, 1]]);
    expect(points(seen.get('gateway.stream.rescues'))).toEqual([
      [{ from: 'openai/gpt-4o-mini', to: 'anthropic/claude', mode: 'continue' }, 1],
    ]);
  });

  test('models that do not exist become no labels', async () => {
    const { metrics, call } = collect(way);
    for (let index = 0; index < 20; index += 1) {
      const made = chatRequest({ model: `openai/made-up-${index}` });
      await call(made, () => Promise.reject(failure('model_not_found'))).catch(() => undefined);
    }
    const seen = await metrics();
    expect(points(seen.get('gateway.requests'))).toEqual([
      [{ provider: 'openai', model: '_OTHER', outcome: 'model_not_found' }, 20],
    ]);
    expect(points(seen.get('gateway.attempts'))).toHaveLength(1);
  });

  test('series are bounded', async () => {
    const { metrics, call } = collect(way, 5);
    for (let index = 0; index < 20; index += 1) {
      await call(chatRequest({ model: `openai/model-${index}` }), () => Promise.reject(failure('overloaded'))).catch(
        () => undefined,
      );
    }
    const requests = points((await metrics()).get('gateway.requests'));
    expect(requests).toHaveLength(5);
    expect(requests.at(-1)).toEqual([{ 'otel.metric.overflow': true }, 16]);
  });

  test('no key value is in them', async () => {
    const { metrics, call } = collect(way);
    await call(chatRequest(), async () => chatCompletion());
    expect(JSON.stringify([...(await metrics()).values()])).not.toContain('sk-secret');
  });

  test('close() ends the reports to a meter', async () => {
    const { telemetry, metrics, call } = collect(way);
    await call(chatRequest(), async () => chatCompletion());
    telemetry.close();
    const requests = points((await metrics()).get('gateway.requests'));
    expect(requests).toHaveLength(way === 'meter' ? 0 : 1);
  });
});
