import { PipelineError } from '@x/core';
import { failure, VirtualClock } from '@x/core/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createPool, LIMIT_PROFILES, type KeyPool, type LaneLeftEvent, type Lease, type LimitHeader } from './index.ts';

const NOW = 1_000_000;
const two = [
  { name: 'a', value: 'x', weight: 0.7 },
  { name: 'b', value: 'y', weight: 0.3 },
];

function take(pool: KeyPool, now = NOW, model = 'm'): Lease {
  const lane = pool.take(model, now);
  if (lane === undefined) throw new Error('no lane is open');
  return lane;
}

describe('choice', () => {
  it('keeps 70/30 within two points over 10,000 calls for any interleaving of models and releases', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(2)), fc.infiniteStream(fc.boolean()), (models, releases) => {
        const pool = createPool({ keys: two });
        const held: Lease[] = [];
        let a = 0;
        for (let i = 0; i < 10_000; i += 1) {
          const lane = take(pool, NOW + i, `model-${models.next().value}`);
          if (lane.key.credential.name === 'a') a += 1;
          held.push(lane);
          if (releases.next().value) pool.release(held.shift() as Lease);
        }
        expect(Math.abs(a / 10_000 - 0.7)).toBeLessThan(0.02);
      }),
      { numRuns: 20 },
    );
  });

  it('never strays from the weights by more than one call per key', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 500 }),
        (weights, calls) => {
          const pool = createPool({ keys: weights.map((weight, i) => ({ name: `${i}`, value: 'x', weight })) });
          const counts = weights.map(() => 0);
          for (let i = 0; i < calls; i += 1) {
            const index = Number(take(pool).key.credential.name);
            counts[index] = (counts[index] ?? 0) + 1;
          }
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          counts.forEach((count, i) =>
            expect(Math.abs(count - (calls * (weights[i] ?? 0)) / total)).toBeLessThan(weights.length),
          );
        },
      ),
    );
  });

  it('does not let a lane catch up on the calls that it missed while it rested', () => {
    const pool = createPool({ keys: two.map((key) => ({ ...key, weight: 1 })) });
    const lane = take(pool);
    pool.failed(lane, failure('rate_limited', { retryAfterMs: 1_000 }), NOW);
    for (let i = 0; i < 100; i += 1) take(pool, NOW + 500);
    const names = Array.from({ length: 10 }, () => take(pool, NOW + 1_000).key.credential.name);
    expect(names.filter((name) => name === lane.key.credential.name).length).toBeLessThanOrEqual(6);
  });

  it('uses a key for its models only, by name or by prefix', () => {
    const pool = createPool({
      keys: [
        { name: 'mini', value: 'x', models: ['gpt-4o*'] },
        { name: 'all', value: 'y' },
      ],
    });
    expect(
      [take(pool, NOW, 'gpt-4o-mini'), take(pool, NOW, 'gpt-4o-mini')]
        .map((lane) => lane.key.credential.name)
        .toSorted(),
    ).toEqual(['all', 'mini']);
    expect([take(pool, NOW, 'o3'), take(pool, NOW, 'o3')].map((lane) => lane.key.credential.name)).toEqual([
      'all',
      'all',
    ]);
  });

  it('refuses a model that no key allows', () => {
    const pool = createPool({ name: 'openai', keys: [{ value: 'x', models: ['gpt-4o'] }] });
    expect(pool.take('o3', NOW)).toBeUndefined();
    expect(pool.refusal('o3', NOW)).toMatchObject({ kind: 'model_not_found', code: 'no_key_for_model' });
  });
});

describe('cool-down', () => {
  const single = () => createPool({ name: 'p', keys: [{ value: 'x' }], cooldownMs: 1_000, cooldownCapMs: 8_000 });

  it('ends at the latest moment that any answer gave, never at an earlier one (LiteLLM issue 40130)', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60_000 }), { minLength: 1 }), (hints) => {
        const pool = single();
        const lane = take(pool);
        for (const retryAfterMs of hints) pool.failed(lane, failure('rate_limited', { retryAfterMs }), NOW);
        expect(pool.opensIn('m', NOW)).toBe(Math.max(...hints));
      }),
    );
  });

  it.each([undefined, 0])(
    'doubles up to its cap while 429s say nothing (hint %s), and starts anew after a success',
    (retryAfterMs) => {
      const pool = single();
      const lane = take(pool);
      let now = NOW;
      const rests = [1, 2, 3, 4, 5].map(() => {
        pool.failed(lane, failure('rate_limited', { retryAfterMs }), now);
        const rest = pool.opensIn('m', now) ?? NaN;
        now += rest;
        return rest;
      });
      expect(rests).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
      pool.succeeded(lane);
      pool.failed(lane, failure('rate_limited', { retryAfterMs }), now);
      expect(pool.opensIn('m', now)).toBe(1_000);
    },
  );

  it('is lengthened once by calls that were under way together when the room ran out', () => {
    const pool = single();
    const lanes = Array.from({ length: 50 }, () => take(pool));
    for (const [index, lane] of lanes.entries()) pool.failed(lane, failure('rate_limited'), NOW + index, NOW);
    expect(pool.opensIn('m', NOW)).toBe(1_000);
  });

  it('clamps a hint that would shut the lane for years', () => {
    const pool = single();
    pool.failed(take(pool), failure('rate_limited', { retryAfterMs: 1e15 }), NOW);
    expect(pool.opensIn('m', NOW)).toBe(3_600_000);
  });

  it('rests one model of a key, not its others', () => {
    const pool = single();
    pool.failed(take(pool, NOW, 'busy'), failure('rate_limited', { retryAfterMs: 5_000 }), NOW);
    expect(pool.take('busy', NOW)).toBeUndefined();
    expect(pool.take('idle', NOW)).toBeDefined();
  });

  it('rests a model at every key when the provider is overloaded', () => {
    const pool = createPool({ keys: two });
    pool.failed(take(pool), failure('overloaded', { retryAfterMs: 2_000 }), NOW);
    expect(pool.take('m', NOW)).toBeUndefined();
    expect(pool.refusal('m', NOW)).toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 2_000 });
    expect(pool.take('other', NOW)).toBeDefined();
  });
});

describe('closing', () => {
  it('closes a dead key for good, for all models, until an operator reopens it', () => {
    const left: LaneLeftEvent[] = [];
    const pool = createPool({ name: 'p', keys: [{ name: 'k', value: 'x' }], onLeave: (event) => left.push(event) });
    pool.failed(take(pool), failure('authentication'), NOW);
    expect(pool.take('other', NOW + 1e12)).toBeUndefined();
    expect(pool.refusal('m', NOW)).toMatchObject({ kind: 'authentication', retryAfterMs: undefined });
    expect(left).toEqual([{ pool: 'p', key: 'k', model: 'm', kind: 'authentication', forMs: Infinity }]);
    pool.reopen('k');
    expect(pool.take('m', NOW)).toBeDefined();
  });

  it('asks a key that is out of money again at its reset, or after reprobeMs when it named none', () => {
    const pool = createPool({ keys: [{ value: 'x' }], reprobeMs: 300_000 });
    pool.failed(take(pool), failure('quota_exhausted'), NOW);
    expect(pool.refusal('m', NOW)).toMatchObject({ kind: 'quota_exhausted', retryAfterMs: 300_000 });
    expect(pool.take('m', NOW + 300_000)).toBeDefined();
    pool.failed(take(pool, NOW + 300_000), failure('quota_exhausted', { retryAfterMs: 86_400_000 }), NOW + 300_000);
    expect(pool.opensIn('m', NOW + 300_000)).toBe(86_400_000);
  });

  it('closes one model of a key when the key may not use it', () => {
    const pool = createPool({ keys: [{ value: 'x' }] });
    pool.failed(take(pool, NOW, 'forbidden'), failure('permission'), NOW);
    expect(pool.take('forbidden', NOW)).toBeUndefined();
    expect(pool.take('allowed', NOW)).toBeDefined();
  });
});

describe('any sequence of failures', () => {
  it('never wedges a lane: unless a key is dead, it opens again within the longest rest', () => {
    const kinds = fc.constantFrom(
      'rate_limited',
      'overloaded',
      'network',
      'server_error',
      'timeout',
      'permission',
      'invalid_request',
    );
    const step = fc.record({
      kind: kinds,
      retryAfterMs: fc.option(fc.double({ min: 0, max: 1e15, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
        const pool = createPool({ keys: two });
        let now = NOW;
        for (const { kind, retryAfterMs } of steps) {
          const lane = pool.take('m', now);
          // A model that is missing may stay away as long as the provider says; only limits are clamped.
          const hint = kind === 'permission' ? undefined : retryAfterMs;
          if (lane) pool.failed(lane, failure(kind, { retryAfterMs: hint }), now);
          now += 1_000;
        }
        expect(pool.take('m', now + 3_600_000)).toBeDefined();
      }),
    );
  });

  it('forgets the oldest models when callers make up new ones without end', () => {
    const pool = createPool({ keys: two });
    for (let i = 0; i < 10_000; i += 1) pool.release(take(pool, NOW, `made-up-${i}`));
    expect(pool.snapshot(NOW).length).toBeLessThanOrEqual(2 * 4_096);
  });
});

describe('options', () => {
  const bad: [string, () => unknown, RegExp][] = [
    ['no keys', () => createPool({ name: 'p', keys: [] }), /p needs at least one key/],
    ['a key without a value', () => createPool({ name: 'p', keys: [{ value: ' ' }] }), /p\.keys\[0\]\.value/],
    [
      'a weight of zero',
      () => createPool({ name: 'p', keys: [{ value: 'x', weight: 0 }] }),
      /p\.keys\[0\]\.weight.*got 0/,
    ],
    ['a negative weight', () => createPool({ name: 'p', keys: [{ value: 'x', weight: -1 }] }), /got -1/],
    ['a weight that is no number', () => createPool({ name: 'p', keys: [{ value: 'x', weight: NaN }] }), /got NaN/],
    [
      'a name used twice',
      () =>
        createPool({
          keys: [
            { name: 'k', value: 'x' },
            { name: 'k', value: 'y' },
          ],
        }),
      /"k" is used twice/,
    ],
    [
      'a variable that is not set',
      () => createPool({ keys: [{ value: 'env.NO_SUCH_KEY' }], env: {} }),
      /NO_SUCH_KEY, which is not set/,
    ],
    ['a weight beyond all measure', () => createPool({ keys: [{ value: 'x', weight: 1e300 }] }), /weight.*got 1e\+300/],
    ['a weight next to nothing', () => createPool({ keys: [{ value: 'x', weight: 5e-324 }] }), /weight.*got 5e-324/],
    [
      'a minute above its day',
      () => createPool({ keys: [{ value: 'x', rpm: 10, rpd: 9 }] }),
      /rpm must not exceed rpd, got 10 and 9/,
    ],
    [
      'tokens likewise',
      () => createPool({ keys: [{ value: 'x', tpm: 10, tpd: 9 }] }),
      /tpm must not exceed tpd, got 10 and 9/,
    ],
    ['no calls at the same time', () => createPool({ keys: [{ value: 'x', concurrency: 0 }] }), /concurrency.*got 0/],
    [
      'half a call at the same time',
      () => createPool({ keys: [{ value: 'x', concurrency: 1.5 }] }),
      /concurrency.*got 1\.5/,
    ],
    [
      'less than a request a minute',
      () => createPool({ keys: [{ value: 'x', rpm: 0.5 }] }),
      /rpm must be at least 1, got 0\.5/,
    ],
    ['a limit that is no number', () => createPool({ keys: [{ value: 'x', tpm: NaN }] }), /tpm.*got NaN/],
    [
      'a group that does not agree',
      () =>
        createPool({
          name: 'p',
          keys: [
            { value: 'x', quotaGroup: 'org', rpm: 10 },
            { value: 'y', quotaGroup: 'org', rpm: 20 },
          ],
        }),
      /p: keys of the quotaGroup "org" share their limits, got rpm of 10 and 20/,
    ],
    ['a cool-down below zero', () => createPool({ keys: two, cooldownMs: -5 }), /cooldownMs.*got -5/],
    [
      'models that are no list',
      () => createPool({ keys: [{ value: 'x', models: 'gpt-4o' as never }] }),
      /models must be a list/,
    ],
  ];
  it.each(bad)('%s is refused with the field and the value', (_what, make, message) => {
    expect(make).toThrow(message);
  });

  it('looks a reference up once, at start', () => {
    const env = { OPENAI_KEY_1: 'sk-1' };
    const pool = createPool({ name: 'openai', keys: [{ value: 'env.OPENAI_KEY_1' }], env });
    env.OPENAI_KEY_1 = 'changed';
    expect(take(pool).key.credential).toEqual({ name: 'openai-1', value: 'sk-1' });
  });

  it('tells nobody when nobody listens', () => {
    const onLeave = vi.fn<() => void>();
    const pool = createPool({ keys: two, onLeave });
    pool.failed(take(pool), failure('invalid_request'), NOW);
    expect(onLeave).not.toHaveBeenCalled();
  });
});

describe('a quota group', () => {
  const three = [
    { name: 'a', value: 'x', quotaGroup: 'org' },
    { name: 'b', value: 'y', quotaGroup: 'org' },
    { name: 'c', value: 'z' },
  ];
  const states = (pool: KeyPool) => {
    for (const model of ['m', 'n']) pool.opensIn(model, NOW);
    return pool
      .snapshot(NOW + 1)
      .filter(({ model }) => model === 'm')
      .map(({ state }) => state);
  };
  const refused = (message: string, code?: string) =>
    new PipelineError(code === undefined ? 'rate_limited' : 'quota_exhausted', message, {
      ...(code !== undefined && { code }),
      retryAfterMs: 5_000,
    });

  it('rests as a whole when a refusal names the organisation', () => {
    const pool = createPool({ name: 'openai', keys: three });
    pool.failed(take(pool), refused('Rate limit reached for m in organization org-1 on requests per min (RPM)'), NOW);
    expect(states(pool)).toEqual(['cooling', 'cooling', 'open']);
  });

  it('rests one key when a refusal names its project or workspace', () => {
    for (const where of ['in project proj_1 organization org-1', "your workspace's rate limit"]) {
      const pool = createPool({ name: 'openai', keys: three });
      pool.failed(take(pool), refused(`Rate limit reached for m ${where}`), NOW);
      expect(states(pool)).toEqual(['cooling', 'open', 'open']);
    }
  });

  it('is closed as a whole when the organisation is out of money, and one key when its project is, or it is dead', () => {
    const closedBy = (error: PipelineError) => {
      const pool = createPool({ name: 'openai', keys: three });
      pool.failed(take(pool), error, NOW);
      return states(pool);
    };
    expect(closedBy(refused('no more', 'insufficient_quota'))).toEqual(['closed', 'closed', 'open']);
    expect(closedBy(refused('no more', 'project_spend_limit_exceeded'))).toEqual(['closed', 'open', 'open']);
    expect(closedBy(failure('authentication'))).toEqual(['closed', 'open', 'open']);
  });

  it('has the limit that one of its keys states', () => {
    const keys = [
      { name: 'a', value: 'x', quotaGroup: 'org' },
      { name: 'b', value: 'y', quotaGroup: 'org', rpm: 3 },
    ];
    const pool = createPool({ keys });
    for (let i = 0; i < 3; i += 1) take(pool);
    expect(pool.take('m', NOW)).toBeUndefined();
  });

  it('learns one room from the answers of all its keys', () => {
    const pool = createPool({ name: 'openai', keys: three.slice(0, 2) });
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '60s',
    };
    pool.observe(take(pool), headers, NOW);
    expect(pool.snapshot(NOW).map(({ room }) => room[0]?.room)).toEqual([0, 0]);
    expect(pool.take('m', NOW)).toBeUndefined();
  });
});

describe('a hint that no limit can mean', () => {
  it.each([
    ['rate_limited', 3_600_000],
    ['quota_exhausted', 32 * 86_400_000],
    ['permission', 32 * 86_400_000],
  ] as const)('is clamped for %s, and noted', (kind, until) => {
    const left: LaneLeftEvent[] = [];
    const pool = createPool({ keys: [{ value: 'x' }], onLeave: (event) => left.push(event) });
    pool.failed(take(pool), failure(kind, { retryAfterMs: 1e15 }), NOW);
    expect(pool.snapshot(NOW)[0]).toMatchObject({
      opensAt: NOW + until,
      clampedHints: 1,
      lastLeft: { kind, at: NOW, until: NOW + until, hintMs: 1e15 },
    });
    expect(left).toMatchObject([{ forMs: until, hintMs: 1e15 }]);
  });

  it.each([NaN, -5_000, 0])('%d counts as none', (retryAfterMs) => {
    const pool = createPool({ keys: [{ value: 'x' }] });
    pool.failed(take(pool), failure('rate_limited', { retryAfterMs }), NOW);
    expect(pool.snapshot(NOW)[0]).toMatchObject({ opensAt: NOW + 1_000, clampedHints: 0 });
  });
});

describe('hostile answers', () => {
  const text = fc.oneof(
    fc.constantFrom('NaN', '-1', '0', '1', '1e12', '9999-12-31T23:59:59Z', '1000000h', '', '5s', '999999999999'),
    fc.nat(100_000).map(String),
  );
  const names = Object.values(LIMIT_PROFILES).flatMap(({ headers }) =>
    (headers as readonly LimitHeader[]).flatMap(({ limit, remaining, reset }) => [limit, remaining, reset]),
  );
  const headers = fc
    .array(fc.tuple(fc.constantFrom(...names.filter((name) => name !== undefined)), text), { maxLength: 9 })
    .map((entries): Record<string, string> => Object.fromEntries(entries));
  const usage = fc.double({ noNaN: false });
  const step = fc.record({
    headers,
    usage,
    kind: fc.constantFrom('ok', 'rate_limited', 'quota_exhausted', 'overloaded', 'server_error', 'permission'),
    words: fc.constantFrom('', 'tokens per min', 'concurrent requests', 'requests per min'),
    retryAfterMs: fc.option(fc.double(), { nil: undefined }),
    ms: fc.nat(20_000),
    ends: fc.boolean(),
  });

  it('never wedge a pool, whatever they are, in whatever order: within the longest rest there is a lane', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(LIMIT_PROFILES) as (keyof typeof LIMIT_PROFILES)[])),
        fc.array(step, { maxLength: 40 }),
        (name, steps) => {
          const pool = createPool({
            name,
            keys: [{ value: 'x' }, { value: 'y', quotaGroup: 'g' }, { value: 'z', quotaGroup: 'g' }],
          });
          const held: Lease[] = [];
          let now = NOW;
          for (const { headers: told, usage: tokens, kind, words, retryAfterMs, ms, ends } of steps) {
            const cost = pool.costOf('m', { inputTokens: 100, maxTokens: 100, answers: 1 });
            const lease = pool.take('m', now, { cost });
            if (lease !== undefined) held.push(lease);
            now += ms;
            const answered = ends ? held.shift() : held.pop();
            if (answered === undefined) continue;
            if (kind === 'ok') {
              pool.succeeded(answered, { latencyMs: ms }, now);
              pool.observe(answered, told, now);
              const counted = {
                inputTokens: tokens,
                outputTokens: tokens,
                cacheReadTokens: 0,
                cacheWriteTokens: 0,
                reasoningTokens: 0,
              };
              pool.settle(answered, counted, now);
            } else {
              const upstream = { status: 429, headers: told };
              pool.failed(answered, new PipelineError(kind, words, { retryAfterMs, upstream }), now);
            }
            pool.release(answered, now);
          }
          for (const lease of held) pool.release(lease, now);
          // Money and permissions may be gone for a month; all else opens within the hour.
          now += 33 * 86_400_000;
          const cost = pool.costOf('m', { inputTokens: 1, maxTokens: 1, answers: 1 });
          expect(pool.take('m', now, { cost })).toBeDefined();
          for (const { room } of pool.snapshot(now)) for (const { room: left } of room) expect(left).not.toBeNaN();
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are counted', () => {
    const pool = createPool({ name: 'anthropic', keys: [{ value: 'x' }] });
    const told = {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-requests-reset': '9999-12-31T23:59:59Z',
      'anthropic-ratelimit-input-tokens-limit': 'NaN',
      'anthropic-ratelimit-input-tokens-remaining': '-1',
    };
    const lease = take(pool);
    pool.observe(lease, told, NOW);
    pool.settle(
      lease,
      { inputTokens: 1e300, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
      NOW,
    );
    expect(pool.snapshot(NOW)[0]).toMatchObject({ garbageHeaders: 3, room: [{ dimension: 'requests', limit: 50 }] });
  });
});

describe('a request that no key will ever have room for', () => {
  const ask = (pool: KeyPool, tokens: number) =>
    pool.acquire({ tokens, inputTokens: tokens }, { model: 'm', clock: new VirtualClock() });

  it('is refused at once where its limit is configured, so that nobody waits behind it', async () => {
    const pool = createPool({ keys: [{ value: 'x', tpm: 1_000 }] });
    (await ask(pool, 900)).settle();
    await expect(ask(pool, 1_600)).rejects.toMatchObject({ kind: 'request_too_large_for_limit' });
  });

  it('is left to the provider where a header alone says so, which may be garbage', async () => {
    const pool = createPool({ name: 'openai', keys: [{ value: 'x' }] });
    const headers = { 'x-ratelimit-limit-tokens': '1', 'x-ratelimit-remaining-tokens': '0' };
    const lease = take(pool);
    pool.observe(lease, headers, NOW);
    pool.release(lease, NOW);
    const cost = { requests: 1, tokens: 1_000, inputTokens: 1_000, outputTokens: 0 };
    expect(pool.take('m', NOW, { cost })).toBeUndefined();
    expect(pool.take('m', NOW + 120_000, { cost })).toBeDefined();
  });

  it('goes out when the bucket is full where the estimate may be at fault', async () => {
    const pool = createPool({ keys: [{ value: 'x', tpm: 1_000 }] });
    await expect(ask(pool, 1_200)).resolves.toBeDefined();
  });
});

it('regression: a model that no key allows is named by whoever waits for it', async () => {
  const pool = createPool({ name: 'p', keys: [{ value: 'k', models: ['m'] }] });
  const refused = pool.acquire({}, { model: 'other' });
  await expect(refused).rejects.toThrow('no key of p allows the model other');
});
