import {
  createContext,
  CREDENTIAL,
  PipelineError,
  retryHint,
  TENANT,
  WAIT_UNTIL,
  type Context,
  type HttpHeaders,
  type Targeted,
} from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createSimulator, type FaultRule, type Limits, type ProviderConfig, type StyleName } from '@x/simulator';
import { describe, expect, it } from 'vitest';
import { createPool, keypool, limitProfile } from './index.ts';

interface Ask extends Targeted {
  readonly body: { readonly value: { readonly messages: readonly object[]; readonly max_tokens?: number } };
}

interface StormOptions {
  readonly style: StyleName;
  readonly limits: readonly Limits[];
  readonly weights?: readonly number[];
  readonly provider?: Partial<ProviderConfig>;
  readonly faults?: readonly FaultRule[];
  readonly maxTokens?: number;
  readonly pools?: number;
}

/** Simulated keys behind pools, in virtual time. Each caller waits for half a minute at most. */
function storm({ style, limits, weights = [], provider = {}, faults = [], maxTokens, pools = 1 }: StormOptions) {
  const clock = new VirtualClock();
  const keys = limits.map((each, index) => ({ name: `k${index}`, value: `v${index}`, limits: each }));
  const simulator = createSimulator({ providers: { p: { style, keys, ...provider } }, faults }, { clock });
  const isAnthropic = style === 'anthropic';

  async function call({ body }: Ask, context: Context): Promise<{ readonly headers: HttpHeaders }> {
    const key = context.get(CREDENTIAL)?.value ?? '';
    const response = await simulator.transport(
      {
        method: 'POST',
        url: isAnthropic ? 'http://p/p/v1/messages' : 'http://p/p/v1/chat/completions',
        headers: isAnthropic
          ? { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
          : { authorization: `Bearer ${key}` },
        body: JSON.stringify({ model: 'm', ...(isAnthropic && { max_tokens: 100 }), ...body.value }),
      },
      context,
    );
    let text = '';
    for await (const chunk of response.body) text += new TextDecoder().decode(chunk);
    const { status, headers } = response;
    if (status < 300) return { headers };
    const retryAfterMs = retryHint({ headers, body: text, now: clock.now() })?.ms;
    throw new PipelineError(status === 429 ? 'rate_limited' : 'server_error', text, {
      retryAfterMs,
      upstream: { status, headers },
    });
  }

  const layers = Array.from({ length: pools }, () => {
    const pool = createPool({
      name: 'p',
      profile: limitProfile(style),
      keys: keys.map(({ name, value }, index) => ({ name, value, weight: weights[index] ?? 1 })),
    });
    return { pool, handler: keypool({ pools: { p: pool } })(call) };
  });
  const value = {
    messages: [{ role: 'user', content: 'Summarize this ticket.' }],
    ...(maxTokens && { max_tokens: maxTokens }),
  };
  const waits: { tenant: string; ms: number }[] = [];
  const refused: PipelineError[] = [];
  let sent = 0;

  async function one(tenant: string): Promise<void> {
    const began = clock.now();
    const { handler } = layers[sent % pools] as (typeof layers)[number];
    sent += 1;
    const context = createContext({ clock }, WAIT_UNTIL.of(began + 30_000), TENANT.of(tenant));
    try {
      await handler({ target: { provider: 'p', model: 'm' }, body: { value } }, context);
      waits.push({ tenant, ms: clock.now() - began });
    } catch (error) {
      refused.push(error as PipelineError);
    }
  }

  /** Poisson arrivals. */
  async function flow(perSecond: number, seconds: number, tenant = 'a'): Promise<void> {
    const end = clock.now() + seconds * 1_000;
    const calls: Promise<void>[] = [];
    for (;;) {
      await clock.sleep((-Math.log(1 - clock.random()) / perSecond) * 1_000);
      if (clock.now() >= end) break;
      calls.push(one(tenant));
    }
    await Promise.all(calls);
  }

  return {
    clock,
    simulator,
    one,
    flow,
    waits,
    refused,
    pools: layers.map(({ pool }) => pool),
    stats: () => {
      const stats = simulator.stats().providers['p'];
      if (stats === undefined) throw new Error('no such provider');
      return stats;
    },
  };
}

const LATENCY = { latency: { firstTokenMs: { type: 'lognormal', p50: 200, p99: 800 } } } as const;

describe('a provider that tells its limits', () => {
  it('0.7 of capacity, four unequal keys: no 429 reaches a caller, hardly any is sent, and shares follow the weights', async () => {
    const rpms = [1_200, 600, 300, 300];
    const site = storm({
      style: 'openai',
      limits: rpms.map((rpm) => ({ rpm, burstSeconds: 5 })),
      weights: [4, 2, 1, 1],
      provider: LATENCY,
    });
    await site.clock.run(site.flow(28, 300));
    const { requests, rateLimited, keys } = site.stats();
    expect(site.refused).toEqual([]);
    expect(rateLimited / requests).toBeLessThanOrEqual(0.001);
    for (const [index, weight] of [4, 2, 1, 1].entries()) {
      expect(Math.abs((keys[`k${index}`]?.requests ?? 0) / requests - weight / 8)).toBeLessThan(0.02);
    }
  });

  it.each(['openai', 'anthropic', 'azure', 'groq'] as const)(
    '%s at 1.5 times its capacity: served to the full, callers told the truth',
    async (style) => {
      // A request to Groq is charged 6 tokens of prompt and 22 of its answer.
      const limits = style === 'groq' ? { tpm: 600 * 28, burstSeconds: 5 } : { rpm: 600, burstSeconds: 5 };
      const capacity = (seconds: number) => 10 * seconds + 50;
      const site = storm({ style, limits: [limits], provider: LATENCY, ...(style === 'groq' && { maxTokens: 22 }) });
      const began = site.clock.now();
      await site.clock.run(site.flow(15, 300));
      const seconds = (site.clock.now() - began) / 1_000;
      const { ok, rateLimited, requests } = site.stats();
      expect(ok).toBeGreaterThan(0.97 * capacity(seconds));
      expect(rateLimited / requests).toBeLessThanOrEqual(0.02);
      expect(site.refused.length).toBeGreaterThan(0);
      for (const error of site.refused) {
        expect(error).toMatchObject({ kind: 'pool_exhausted' });
        expect(error.retryAfterMs).toBeGreaterThan(0);
      }
    },
  );

  it('100 callers that wait for one reset go out one by one', async () => {
    const site = storm({ style: 'openai', limits: [{ rpm: 600, burstSeconds: 5 }], provider: LATENCY });
    await site.clock.run(Promise.all(Array.from({ length: 50 }, () => site.one('a'))));
    await site.clock.run(Promise.all(Array.from({ length: 100 }, () => site.one('a'))));
    expect(site.stats().rateLimited).toBeLessThanOrEqual(1);
    expect(site.waits).toHaveLength(150);
    expect(site.clock.pending).toBe(0);
  });

  it('three replicas on the same keys, each on its own', async () => {
    const site = storm({
      style: 'openai',
      limits: [
        { rpm: 600, burstSeconds: 5 },
        { rpm: 600, burstSeconds: 5 },
      ],
      provider: LATENCY,
      pools: 3,
    });
    const began = site.clock.now();
    await site.clock.run(site.flow(30, 180));
    const { ok, rateLimited, requests } = site.stats();
    expect(ok).toBeGreaterThan(0.95 * 20 * ((site.clock.now() - began) / 1_000));
    expect(rateLimited / requests).toBeLessThanOrEqual(0.03);
  });

  it('a tier that is doubled, then halved, is followed', async () => {
    const site = storm({ style: 'openai', limits: [{ rpm: 600, burstSeconds: 5 }], provider: LATENCY });
    const keys = (rpm: number) => [{ name: 'k0', value: 'v0', limits: { rpm, burstSeconds: 5 } }];
    await site.clock.run(site.flow(30, 60));
    for (const rpm of [1_200, 300]) {
      site.simulator.configure({ providers: { p: { style: 'openai', keys: keys(rpm), ...LATENCY } } });
      const began = site.clock.now();
      await site.clock.run(site.flow(30, 120));
      const { ok, rateLimited, requests } = site.stats();
      expect(ok).toBeGreaterThan(0.95 * (rpm / 60) * ((site.clock.now() - began) / 1_000));
      expect(rateLimited / requests).toBeLessThan(0.02);
    }
  });
});

describe('a provider that tells nothing', () => {
  it.each([300, 1_200])('%d a minute: found, and kept to', async (rpm) => {
    const site = storm({ style: 'bedrock', limits: [{ rpm, burstSeconds: 5 }], provider: LATENCY });
    await site.clock.run(site.flow((1.3 * rpm) / 60, 120));
    const before = site.stats();
    const began = site.clock.now();
    await site.clock.run(site.flow((1.3 * rpm) / 60, 300));
    const after = site.stats();
    const seconds = (site.clock.now() - began) / 1_000;
    expect(after.ok - before.ok).toBeGreaterThan((0.95 * rpm * seconds) / 60);
    expect((after.rateLimited - before.rateLimited) / (after.requests - before.requests)).toBeLessThanOrEqual(0.03);
  });
});

describe('tokens bind, not requests', () => {
  it('a provider that reserves max_tokens', async () => {
    const site = storm({
      style: 'azure',
      limits: [{ tpm: 60_000, burstSeconds: 20 }],
      provider: LATENCY,
      maxTokens: 1_000,
    });
    const began = site.clock.now();
    await site.clock.run(site.flow(1.5, 300));
    const { ok, rateLimited, requests } = site.stats();
    expect(ok).toBeGreaterThan(0.9 * ((site.clock.now() - began) / 1_000));
    expect(rateLimited / requests).toBeLessThanOrEqual(0.02);
  });
});

describe('fairness', () => {
  it('one tenant floods: the others hardly notice', async () => {
    const site = storm({ style: 'openai', limits: [{ rpm: 1_200, burstSeconds: 2 }], provider: LATENCY });
    const nine = Array.from({ length: 9 }, (_, index) => `t${index}`);
    await site.clock.run(
      Promise.all([site.flow(40, 120, 'flood'), ...nine.map((tenant) => site.flow(1, 120, tenant))]),
    );
    const calm = site.waits
      .filter(({ tenant }) => tenant !== 'flood')
      .map(({ ms }) => ms)
      .toSorted((a, b) => a - b);
    const asked = site.waits.length + site.refused.length;
    expect(asked).toBeGreaterThan(5_000);
    expect(calm.length).toBeGreaterThan(1_000);
    expect(calm[Math.floor(calm.length * 0.99)]).toBeLessThan(3_000);
    expect(site.stats().rateLimited / site.stats().requests).toBeLessThanOrEqual(0.01);
  });
});

describe('health', () => {
  it('a lane that turns ten times slower and fails a fifth loses its share, and gets it back', async () => {
    const faults: FaultRule[] = [
      { name: 'status', status: 500, when: { key: 'k0', probability: 0.2 } },
      { name: 'slow_first_token', ms: 2_000, when: { key: 'k0' } },
    ];
    const site = storm({ style: 'openai', limits: [{}, {}, {}], provider: LATENCY });
    const shareOf = async (seconds: number) => {
      const before = site.stats();
      await site.clock.run(site.flow(30, seconds));
      const after = site.stats();
      return (
        ((after.keys['k0']?.requests ?? 0) - (before.keys['k0']?.requests ?? 0)) / (after.requests - before.requests)
      );
    };
    expect(Math.abs((await shareOf(30)) - 1 / 3)).toBeLessThan(0.02);
    site.simulator.setFaults(faults);
    await shareOf(10);
    expect(await shareOf(30)).toBeLessThan(0.1);
    site.simulator.setFaults([]);
    await shareOf(60);
    expect(Math.abs((await shareOf(30)) - 1 / 3)).toBeLessThan(0.04);
  });
});
