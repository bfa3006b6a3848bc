import { JsonBody, PipelineError, TRAIL, type Dialect, type LlmRequest, type LlmResponse } from '@x/core';
import { chatCompletion, chatRequest, chatStream, contract, failure, scripted, VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore } from '@x/store/memory';
import { describe, expect, test } from 'vitest';
import { Directory } from '../directory/directory.ts';
import type { Tenant } from '../directory/tenant.ts';
import { LimitRefusedError } from '../errors.ts';
import { Governance } from '../governance.ts';
import { VIRTUAL_KEY } from '../keys.ts';
import { actor, findModel, GovernanceBench, keyed, PRICE, usage } from '../testing/bench.ts';
import { FakeDurable } from '../testing/fake-durable.ts';
import { UNGOVERNED } from '../ungoverned.ts';

/** Cases that leave a stream unread. */
const UNREAD = [
  'never mutates a request or a context',
  'derives contexts: the id and the entries stay, and the time never grows',
];

describe('the contract', () => {
  const clock = new VirtualClock();
  const store = createMemoryLimitStore({ clock });
  const directory = new Directory(store);
  const limits = [{ unit: 'concurrent', max: 1_000 }];
  const data = { name: 'a', keyHash: 'x'.repeat(43), prefix: 'xk-', createdAt: 0, limits };
  directory.apply({
    kind: 'virtual-key',
    id: 'a',
    revision: 1,
    data: { ...data, budgets: [{ usd: 1_000, per: 'month' }] },
  });
  const tenant = directory.tenantOf(directory.get('virtual-key', 'a') as never) as Tenant;
  const subject = {
    layer: () => new Governance({ store, durable: new FakeDurable(), findModel, clock }).authorize(),
    request: () => chatRequest({ stream: true }),
    respond: () => chatStream(),
    wraps: true,
    entries: () => [VIRTUAL_KEY.of(tenant)],
  };
  for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) {
    test(name, async () => {
      const before = store.leases('virtual-key/a').length;
      await run();
      expect(store.leases('virtual-key/a').length - before).toBe(UNREAD.includes(name) ? 1 : 0);
    });
  }
});

test('without governance it is no layer', () => {
  const next = scripted<LlmRequest, LlmResponse>(chatStream());
  expect(UNGOVERNED.authorize()(next)).toBe(next);
});

async function failed(work: Promise<unknown>): Promise<PipelineError> {
  return work.then(
    () => expect.unreachable('it was let through'),
    (error: PipelineError) => error,
  );
}

describe('what is allowed', () => {
  test.each([
    ['model_not_allowed', { allow: { models: ['gpt-5*'] } }],
    ['provider_not_allowed', { deny: { providers: ['openai'] } }],
    ['model_not_allowed', { providers: { openai: { models: ['gpt-5'] } } }],
  ])('%s: %j', async (code, policy) => {
    const bench = await GovernanceBench.open();
    const next = scripted<LlmRequest, LlmResponse>(chatCompletion());
    const error = await failed(bench.handler(next)(keyed(await bench.key(policy)), bench.context()));
    expect([error.kind, error.code, next.calls.length]).toEqual(['permission', code, 0]);
  });

  test('a model that is denied is not used behind an endpoint that is allowed', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ allow: { models: ['openai/videos'] }, deny: { models: ['sora-2*'] } });
    const next = scripted<LlmRequest, LlmResponse>(chatCompletion());
    const asked = (model: string) => ({
      ...keyed(key),
      target: { provider: 'openai', model: 'videos' },
      rest: { method: 'POST', path: '/videos', model },
    });
    await bench.handler(next)(asked('sora-1'), bench.context());
    expect((await failed(bench.handler(next)(asked('sora-2-pro'), bench.context()))).code).toBe('model_not_allowed');
    expect(next.calls.length).toBe(1);
  });

  test('holds at every level, and the one that denies is named', async () => {
    const bench = await GovernanceBench.open();
    const { admin } = bench.governance;
    await admin.customers.create({ name: 'Acme', deny: { models: ['gpt-4o*'] } }, { id: 'acme', actor });
    await admin.teams.create({ name: 'Search', customer: 'acme' }, { id: 'search', actor });
    const key = await bench.key({ team: 'search', allow: { models: ['*'] } });
    expect((await failed(bench.handler()(keyed(key), bench.context()))).message).toBe(
      'the model openai/gpt-4o-mini is not allowed for customer "Acme"',
    );
  });
});

describe('limits', () => {
  test.each([
    ['requests', { unit: 'requests', max: 1, per: 'minute' }, 'limit of 1 requests per minute'],
    ['tokens', { unit: 'tokens', max: 200, per: 'minute' }, 'limit of 200 tokens per minute'],
  ])('of %s answer 429 with the time', async (unit, limit, named) => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits: [limit] });
    const handler = bench.handler(async () => chatCompletion({ usage: usage(100, 80) }));
    await handler(keyed(key), bench.context());
    const error = await failed(handler(keyed(key), bench.context()));
    expect(error).toBeInstanceOf(LimitRefusedError);
    expect(error).toMatchObject({ kind: 'limit_exceeded', code: 'limit_exceeded', unit });
    expect(error.message).toContain(`the ${named} of virtual key "key" is reached; there is room at 2026-01-01T00:0`);
    expect(error.retryAfterMs).toBeGreaterThan(59_000);
    await bench.clock.advance(error.retryAfterMs ?? 0);
    await handler(keyed(key), bench.context());
  });

  test('of requests at once are given back', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits: [{ unit: 'concurrent', max: 1 }] });
    const handler = bench.handler(async (_, { clock }) => {
      await clock.sleep(1_000);
      return chatCompletion();
    });
    const first = handler(keyed(key), bench.context());
    const refused = await failed(handler(keyed(key), bench.context()));
    expect(refused.message).toContain('1 requests at the same time');
    // Nobody knows when the first one ends, and callers that are told no time ask again at once.
    expect(refused).toMatchObject({ retryAfterMs: 1_000, opensAt: undefined });
    await bench.clock.run(first);
    await bench.clock.run(handler(keyed(key), bench.context()));
  });

  test('that a request exceeds by itself say so, and no time', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits: [{ unit: 'tokens', max: 50, per: 'minute' }] });
    const error = await failed(bench.handler()(keyed(key), bench.context()));
    expect([error.code, error.retryAfterMs]).toEqual(['request_too_large_for_tenant', undefined]);
  });

  test('of one provider hold there alone', async () => {
    const bench = await GovernanceBench.open();
    const limits = [{ unit: 'requests', max: 0, per: 'minute' }];
    const key = await bench.key({ providers: { openai: { limits } } });
    const elsewhere = { ...keyed(key), target: { provider: 'anthropic', model: 'claude' } };
    await bench.handler()(elsewhere, bench.context());
    const error = await failed(bench.handler()(keyed(key), bench.context()));
    expect(error.message).toContain('at openai');
  });
});

describe('budgets', () => {
  test('answer 402, with their reset', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ budgets: [{ usd: 0.000_5, per: 'month' }] });
    const spend = bench.handler(async () => chatCompletion({ usage: usage(400, 0) }));
    await spend(keyed(key), bench.context());
    const error = await failed(spend(keyed(key), bench.context()));
    expect(error).toMatchObject({ kind: 'budget_exceeded', level: { kind: 'virtual-key', id: 'key', name: 'key' } });
    expect(error).toMatchObject({ retryAfterMs: 31 * 86_400_000, opensAt: Date.UTC(2026, 1, 1) });
    expect(error.message).toMatch(
      /^the budget of 0.0005 USD per month of virtual key "key" has not the [\d.]+ USD left/,
    );
    expect(error.message).toContain('; there is room at 2026-02-01T00:00:00.000Z');
  });

  test.each([
    ['reject' as const, 'price_unknown', 0],
    ['allow' as const, undefined, 0],
    [PRICE, undefined, 20_000],
  ])('without a price: %j', async (unknownPrice, code, cost) => {
    const bench = await GovernanceBench.open({ findModel: () => ({ maxOutputTokens: 10 }), unknownPrice });
    const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }] });
    const outcome = await bench
      .handler()(keyed(key), bench.context())
      .then(
        () => undefined,
        (error: PipelineError) => error.code,
      );
    expect(outcome).toBe(code);
    expect(bench.durable.answers.map((row) => row.cost)).toEqual(code === undefined ? [cost] : []);
  });

  test('a price is not asked for where no money is counted', async () => {
    const bench = await GovernanceBench.open({ findModel: () => undefined });
    const key = await bench.key({ limits: [{ unit: 'requests', max: 1, per: 'minute' }] });
    await bench.handler()(keyed(key), bench.context());
    expect(bench.durable.answers).toMatchObject([{ cost: 0, price: null }]);
  });

  test('an answer of unknown length is not begun', async () => {
    const bench = await GovernanceBench.open({ findModel: () => ({ price: PRICE }) });
    const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }] });
    const open = keyed(key, { max_tokens: undefined as never });
    expect(await failed(bench.handler()(open, bench.context()))).toMatchObject({ code: 'output_unbounded' });
    await bench.handler()(keyed(key), bench.context());
  });

  test('an answer in the background, of which only a receipt is seen, is not begun where it has to be counted', async () => {
    const asked = async (policy: object, background: boolean) => {
      const bench = await GovernanceBench.open();
      const body = JsonBody.of({ max_output_tokens: 80, background });
      const request = { ...keyed(await bench.key(policy)), dialect: 'openai.responses' as const, body };
      return bench.handler()(request, bench.context());
    };
    const budgets = [{ usd: 1, per: 'month' }];
    expect(await failed(asked({ budgets }, true))).toMatchObject({ code: 'answer_unseen', param: 'background' });
    await asked({ budgets }, false);
    await asked({ limits: [{ unit: 'requests', max: 1, per: 'minute' }] }, true);
  });
});

describe('what is given back', () => {
  const limits = [
    { unit: 'requests', max: 10, per: 'minute' },
    { unit: 'concurrent', max: 10 },
  ];
  const budgets = [{ usd: 1, per: 'month' }];
  const used = async (bench: GovernanceBench) =>
    (await bench.governance.admin.limits.read('virtual-key', 'key')).map((view) => view.used);

  test('all of it where there is no answer', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits, budgets });
    await failed(
      bench.handler(scripted<LlmRequest, LlmResponse>(failure('server_error')))(keyed(key), bench.context()),
    );
    expect(await used(bench)).toEqual([0, 0, 0]);
    expect(bench.durable.rows).toEqual([]);
  });

  test('what was tried is in the ledger all the same', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits, budgets });
    const handler = bench.handler(async ({ target }, context) => {
      const attempt = { target, key: 'k1', outcome: 'server_error' as const, status: 500, startedAt: 5, durationMs: 7 };
      context.get(TRAIL)?.attempts.push(attempt);
      throw failure('server_error');
    });
    const context = bench.context();
    await failed(handler(keyed(key), context));
    await failed(handler(keyed(key), context));
    await bench.governance.close();
    expect(bench.durable.rows).toMatchObject(
      Array.from({ length: 2 }, () => ({ type: 'attempt', keyName: 'k1', outcome: 'server_error', cost: 0, at: 5 })),
    );
    expect(new Set(bench.durable.rows.map(({ id }) => id)).size).toBe(2);
  });

  test('a caller that leaves a call under way has spent its prompt', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits, budgets });
    const controller = new AbortController();
    const handler = bench.handler(async ({ target }, context) => {
      controller.abort();
      const attempt = {
        target,
        key: 'k1',
        outcome: 'cancelled' as const,
        status: undefined,
        startedAt: 5,
        durationMs: 7,
      };
      context.get(TRAIL)?.attempts.push(attempt);
      throw failure('cancelled');
    });
    await failed(handler(keyed(key), bench.context({ signal: controller.signal })));
    await bench.governance.close();
    expect(bench.durable.answers).toMatchObject([{ outcome: 'cancelled', usage: { outputTokens: 0 } }]);
    expect(bench.durable.answers[0]?.cost).toBeGreaterThan(0);
    expect(await used(bench)).toEqual([bench.durable.answers[0]?.cost, 1, 0]);
  });

  test('nothing where the caller left while it waited for another call', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits, budgets });
    const controller = new AbortController();
    const handler = bench.handler(async ({ target }, context) => {
      const attempt = { target, key: 'k1', outcome: 'rate_limited' as const, status: 429, startedAt: 5, durationMs: 7 };
      context.get(TRAIL)?.attempts.push(attempt);
      controller.abort();
      throw failure('cancelled');
    });
    await failed(handler(keyed(key), bench.context({ signal: controller.signal })));
    await bench.governance.close();
    expect(bench.durable.rows).toMatchObject([{ type: 'attempt', outcome: 'rate_limited' }]);
  });

  test('nothing where a call of a hedge lost', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits, budgets });
    const controller = new AbortController();
    const handler = bench.handler(async ({ target }, context) => {
      controller.abort(new PipelineError('cancelled', 'lost', { code: 'hedge_lost' }));
      const attempt = {
        target,
        key: 'k1',
        outcome: 'cancelled' as const,
        status: undefined,
        startedAt: 5,
        durationMs: 7,
      };
      context.get(TRAIL)?.attempts.push(attempt);
      throw failure('cancelled');
    });
    await failed(handler(keyed(key), bench.context({ signal: controller.signal })));
    await bench.governance.close();
    expect(bench.durable.answers).toEqual([]);
  });
});

test('calls of one request that run at once book each attempt once', async () => {
  const bench = await GovernanceBench.open();
  const key = await bench.key();
  const handler = bench.handler(async ({ target }, context) => {
    const attempt = { target, key: 'k1', outcome: 'ok' as const, status: 200, startedAt: 5, durationMs: 7 };
    await context.clock.sleep(10);
    context.get(TRAIL)?.attempts.push(attempt);
    return chatCompletion();
  });
  const context = bench.context();
  // As a hedge does, inside identify: both have one trail and one set of notes.
  const both = [handler(keyed(key), context), handler(keyed(key), context)];
  await bench.clock.run(Promise.all(both));
  const types = bench.durable.rows.map(({ type }) => type).toSorted();
  expect(types).toEqual(['answer', 'answer', 'attempt', 'attempt']);
  expect(new Set(bench.durable.rows.map(({ id }) => id)).size).toBe(4);
});

describe('what is no answer in text', () => {
  const budgets = [{ usd: 1, per: 'month' }];
  const ask = async (dialect: Dialect, options: object = {}) => {
    const bench = await GovernanceBench.open(options);
    const key = await bench.key({ budgets });
    const answer = { ...chatCompletion({ text: 'x'.repeat(400) }), usage: undefined };
    const request = { ...keyed(key, { max_tokens: undefined as never, input: 'some text' }), dialect };
    await bench.handler(async () => answer)(request, bench.context());
    return bench.durable.answers[0];
  };

  test.each(['openai.embeddings', 'cohere.embed'] as const)('%s costs its prompt', async (dialect) => {
    const row = await ask(dialect);
    expect(row?.usage.outputTokens).toBe(0);
    expect(row?.cost).toBe((row?.usage.inputTokens ?? 0) * 1_000);
    expect(row?.cost).toBeGreaterThan(0);
  });

  test('counting tokens costs nothing, whatever the model', async () => {
    expect(await ask('anthropic.count_tokens', { findModel: () => undefined })).toMatchObject({ cost: 0, price: null });
  });

  test('a call that nobody translates has no price, though its model has', async () => {
    expect((await failed(ask('openai.rest'))).code).toBe('price_unknown');
    expect(await ask('openai.rest', { unknownPrice: 'allow' })).toMatchObject({ cost: 0, usage: { inputTokens: 0 } });
  });
});

test('an answer without a count is estimated', async () => {
  const bench = await GovernanceBench.open();
  const key = await bench.key();
  const answer = { ...chatCompletion({ text: 'x'.repeat(400) }), usage: undefined };
  await bench.handler(async () => answer)(keyed(key), bench.context());
  const [row] = bench.durable.answers;
  expect(row?.usage.outputTokens).toBeGreaterThanOrEqual(100);
  expect(row?.usage.inputTokens).toBeGreaterThan(0);
});

test('a caller without a key is in the ledger, for nobody', async () => {
  const bench = await GovernanceBench.open({ anonymous: 'allow' });
  await bench.handler()(chatRequest(), bench.context());
  expect(bench.durable.answers).toMatchObject([{ virtualKey: null, team: null, customer: null, leaseId: null }]);
});

test('a caller that left while a store was asked is not served', async () => {
  const bench = await GovernanceBench.open();
  const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }] });
  const controller = new AbortController();
  const next = scripted<LlmRequest, LlmResponse>(chatCompletion());
  const answer = failed(bench.handler(next)(keyed(key), bench.context({ signal: controller.signal })));
  controller.abort();
  expect([(await answer).kind, next.calls.length]).toEqual(['cancelled', 0]);
  expect(await bench.leases()).toEqual([]);
});
