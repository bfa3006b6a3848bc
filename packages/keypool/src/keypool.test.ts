import {
  createContext,
  CREDENTIAL,
  type Context,
  type LlmRequest,
  type LlmResponse,
  type PipelineError,
} from '@x/core';
import { chatRequest, chatStream, contract, failure, scripted, VirtualClock } from '@x/core/testing';
import { describe, expect, it } from 'vitest';
import { createPool, keypool, type KeyPool, type KeyPoolOptions } from './index.ts';

const keys = [
  { name: 'a', value: 'secret-a', weight: 70 },
  { name: 'b', value: 'secret-b', weight: 30 },
];

function build(options: Partial<KeyPoolOptions> = {}) {
  const clock = new VirtualClock();
  const pool = createPool({ name: 'openai', keys, ...options });
  return { clock, pool, context: createContext({ clock }), layer: keypool({ pools: { openai: pool } }) };
}

/** A provider on which some keys fail, and that remembers who was asked. */
function provider(failures: Record<string, Error | undefined>) {
  const asked: string[] = [];
  const handler = async (_request: LlmRequest, context: Context): Promise<LlmResponse> => {
    const name = context.get(CREDENTIAL)?.name ?? 'none';
    asked.push(name);
    if (failures[name]) throw failures[name];
    return chatStream();
  };
  return { handler, asked };
}

const states = (pool: KeyPool, clock: VirtualClock) =>
  Object.fromEntries(pool.snapshot(clock.now()).map(({ key, state }) => [key, state]));

describe('the layer contract', () => {
  const subject = {
    layer: () => keypool({ pools: { openai: createPool({ keys }) } })<LlmRequest, LlmResponse>,
    request: () => chatRequest(),
    respond: () => chatStream(),
  };
  for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) it(name, run);
});

describe('keypool', () => {
  it('puts the credential of the chosen key into the context', async () => {
    const { layer, context } = build();
    const inner = scripted<LlmRequest, LlmResponse>(chatStream());
    await layer(inner)(chatRequest(), context);
    expect(inner.calls[0]?.context.get(CREDENTIAL)).toEqual({ name: 'a', value: 'secret-a' });
  });

  it('calls a provider that has no pool without a key', async () => {
    const inner = scripted<LlmRequest, LlmResponse>(chatStream());
    const { context } = build();
    await keypool({ pools: {} })(inner)(chatRequest(), context);
    expect(inner.calls[0]?.context.get(CREDENTIAL)).toBeUndefined();
  });

  it.each(['rate_limited', 'quota_exhausted', 'authentication', 'permission', 'model_not_found'] as const)(
    'asks another key at once after %s',
    async (kind) => {
      const { layer, context, clock } = build();
      const { handler, asked } = provider({ a: failure(kind) });
      const before = clock.now();
      await layer(handler)(chatRequest(), context);
      expect(asked).toEqual(['a', 'b']);
      expect(clock.now()).toBe(before);
    },
  );

  it.each(['server_error', 'network', 'timeout', 'overloaded', 'invalid_request', 'context_length'] as const)(
    'does not rotate after %s, which another key would not cure',
    async (kind) => {
      const { layer, context } = build();
      const { handler, asked } = provider({ a: failure(kind), b: failure(kind) });
      await expect(layer(handler)(chatRequest(), context)).rejects.toMatchObject({ kind });
      expect(asked).toHaveLength(1);
    },
  );

  it('says when the first lane opens once all of them are out of room', async () => {
    const { layer, context, clock } = build();
    const limits = {
      a: failure('rate_limited', { retryAfterMs: 9_000 }),
      b: failure('rate_limited', { retryAfterMs: 4_000 }),
    };
    const { handler, asked } = provider(limits);
    const call = layer(handler);
    await expect(call(chatRequest(), context)).rejects.toMatchObject({ kind: 'rate_limited', retryAfterMs: 4_000 });
    await clock.advance(1_000);
    await expect(call(chatRequest(), context)).rejects.toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 3_000 });
    expect(asked).toEqual(['a', 'b']);
  });

  it('names the wait of a cooling key, not the failure of a dead one beside it', async () => {
    const { layer, context, clock } = build();
    const failures: Record<string, PipelineError> = { a: failure('rate_limited', { retryAfterMs: 9_000 }) };
    const { handler } = provider(failures);
    const call = layer(handler);
    await call(chatRequest(), context);
    failures['b'] = failure('authentication');
    await clock.advance(1_000);
    await expect(call(chatRequest(), context)).rejects.toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 8_000 });
  });

  it('hands on what the provider said when every key is dead', async () => {
    const { layer, context } = build();
    const { handler } = provider({ a: failure('authentication'), b: failure('authentication') });
    const call = layer(handler);
    await expect(call(chatRequest(), context)).rejects.toMatchObject({
      kind: 'authentication',
      message: 'scripted authentication',
    });
    await expect(call(chatRequest(), context)).rejects.toMatchObject({ kind: 'authentication', code: 'keys_closed' });
  });

  it('holds a lane until its stream has settled', async () => {
    const { layer, context, pool, clock } = build();
    const response = await layer(scripted<LlmRequest, LlmResponse>(chatStream()))(chatRequest(), context);
    const inFlight = () => pool.snapshot(clock.now()).reduce((sum, lane) => sum + lane.inFlight, 0);
    expect(inFlight()).toBe(1);
    if (response.stream) await response.discard();
    expect(inFlight()).toBe(0);
  });

  it('frees the lane of a call that failed', async () => {
    const { layer, context, pool, clock } = build();
    const { handler } = provider({ a: failure('server_error') });
    await expect(layer(handler)(chatRequest(), context)).rejects.toThrow(/scripted/);
    expect(pool.snapshot(clock.now()).every((lane) => lane.inFlight === 0)).toBe(true);
    expect(states(pool, clock)).toEqual({ a: 'open', b: 'open' });
  });

  it('prefers another key after a failure that says nothing about room', async () => {
    const { layer, context } = build();
    const { handler, asked } = provider({ a: failure('network') });
    const call = layer(handler);
    await expect(call(chatRequest(), context)).rejects.toThrow(/scripted/);
    for (let i = 0; i < 5; i += 1) await call(chatRequest(), context);
    expect(asked).toEqual(['a', 'b', 'b', 'b', 'b', 'b']);
  });
});
