import { backoff } from '@x/backoff';
import { createCatalog } from '@x/catalog';
import {
  CREDENTIAL,
  createLlmRequest,
  JsonBody,
  openRequest,
  pipeline,
  systemClock,
  type Handler,
  type LlmRequest,
  type LlmResponse,
} from '@x/core';
import { chatCompletion } from '@x/core/testing';
import { breaker, fallback, route } from '@x/fallback';
import { createPool, keypool } from '@x/keypool';
import { resumable } from '@x/providers';
import { hold, resume, timeLimits } from '@x/streams';
import { createTelemetry } from '@x/telemetry';
import { median } from './median.ts';

export interface LayersCost {
  readonly medianUs: number;
  readonly bytes: number;
}

/** The default pipeline of layers around a handler that answers at once, with a context of its own for every request. */
export async function layersCost(telemetry: Parameters<typeof createTelemetry>[0] = {}): Promise<LayersCost> {
  const { request: requests, attempt } = createTelemetry(telemetry);
  const pool = createPool({
    name: 'openai',
    keys: [
      { value: 'sk-1', weight: 0.7 },
      { value: 'sk-2', weight: 0.3 },
    ],
  });
  const answer = chatCompletion();
  const immediate: Handler<LlmRequest, LlmResponse> = async (_request, context) => {
    if (context.get(CREDENTIAL) === undefined) throw new Error('no key');
    return answer;
  };
  const handler = pipeline(
    [
      requests({ findModel: createCatalog().find }),
      route({ chains: {} }),
      resume({ dialects: resumable }),
      fallback(),
      breaker(),
      hold(),
      backoff(),
      keypool({ pools: { openai: pool } }),
      attempt(),
      timeLimits(),
    ],
    immediate,
  );
  const request = createLlmRequest({
    dialect: 'openai.chat',
    body: JsonBody.of({ model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  const once = async () => {
    const scope = openRequest({ timeoutMs: 600_000 });
    await handler(request, scope.context);
    scope.close();
  };
  return { medianUs: await medianTime(once), bytes: await allocated(once) };
}

const BATCH = 1_000;
const BATCHES = 60;
const WARM_UP_BATCHES = 20;

/** Microseconds per run: the median over batches, the first of which warm up. */
async function medianTime(run: () => Promise<void>): Promise<number> {
  const batches: number[] = [];
  for (let batch = 0; batch < WARM_UP_BATCHES + BATCHES; batch += 1) {
    const began = systemClock.now();
    for (let i = 0; i < BATCH; i += 1) await run();
    if (batch >= WARM_UP_BATCHES) batches.push(((systemClock.now() - began) * 1_000) / BATCH);
  }
  return median(batches);
}

/** Bytes of heap per run. A batch that the collector interrupted shows too few, so the median of many short ones counts. */
async function allocated(run: () => Promise<void>): Promise<number> {
  const batches: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < BATCH / 10; i += 1) await run();
    batches.push((process.memoryUsage().heapUsed - before) / (BATCH / 10));
  }
  return median(batches.filter((bytes) => bytes > 0));
}
