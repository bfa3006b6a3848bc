import { PipelineError, WAIT_UNTIL, createContext } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createPool, keypool } from '@x/keypool';
import { createTelemetry } from '@x/telemetry';
import { expect, test } from 'vitest';
import { createMetricsPage } from './metrics-page.ts';

const HEADERS = {
  'x-ratelimit-limit-requests': '600',
  'x-ratelimit-remaining-requests': '25',
  'x-ratelimit-reset-requests': '2500ms',
  'x-ratelimit-limit-tokens': 'NaN',
  'x-ratelimit-remaining-tokens': '-1',
};

/** One key that has answered, and one that was told to wait for far too long. */
function build() {
  const clock = new VirtualClock();
  const pool = createPool({
    name: 'openai',
    keys: [
      { name: 'well', value: 'x', concurrency: 7 },
      { name: 'left', value: 'y' },
    ],
  });
  const now = clock.now();
  const [well, left] = [pool.take('m', now), pool.take('m', now)];
  if (well === undefined || left === undefined) throw new Error('no lane');
  pool.succeeded(well, { latencyMs: 250 }, now);
  pool.observe(well, HEADERS, now);
  pool.failed(left, new PipelineError('rate_limited', 'wait', { retryAfterMs: 1e12 }), now);
  pool.release(left, now);
  return { clock, pool, now };
}

test('every field of a lane can be looked up', () => {
  const { pool, now } = build();
  const [well, left] = pool.inspect(now).lanes;
  expect(well).toMatchObject({
    key: 'well',
    model: 'm',
    weight: 1,
    state: 'open',
    kind: undefined,
    opensAt: undefined,
    opensInMs: 0,
    inFlight: 1,
    concurrency: 7,
    health: 'healthy',
    latencyMs: 250,
    failures: 0,
    lastLeft: undefined,
    garbageHeaders: 1,
    clampedHints: 0,
    room: [
      {
        source: 'learned',
        dimension: 'requests',
        windowMs: 60_000,
        limit: 600,
        capacity: 50,
        room: 25,
        others: 0,
        fullInMs: 2_500,
      },
    ],
  });
  expect(left).toMatchObject({
    key: 'left',
    state: 'cooling',
    kind: 'rate_limited',
    opensAt: now + 3_600_000,
    opensInMs: 3_600_000,
    inFlight: 0,
    concurrency: undefined,
    lastLeft: { kind: 'rate_limited', at: now, until: now + 3_600_000, hintMs: 1e12 },
    clampedHints: 1,
    // Nothing is told here, so the limit is estimated from the refusal.
    room: [{ source: 'estimated', dimension: 'requests' }],
  });
});

test('and is a gauge', async () => {
  const { clock, pool, now } = build();
  const telemetry = createTelemetry({ clock });
  const page = createMetricsPage(telemetry, { pools: () => [pool.inspect(clock.now())] });
  const text = await page.text();
  const series = (name: string, key: string) => {
    const line = text
      .split('\n')
      .find((each) => each.startsWith(`gateway_keypool_lane_${name}`) && each.includes(`key="${key}"`));
    return Number(line?.slice(line.lastIndexOf('} ') + 2));
  };
  expect(series('room', 'well')).toBe(0.5);
  expect(series('limit', 'well')).toBe(600);
  expect(series('reset', 'well')).toBe(2.5);
  expect(series('in_flight', 'well')).toBe(1);
  expect(series('concurrency', 'well')).toBe(7);
  expect(series('concurrency', 'left')).toBeNaN();
  expect(series('open', 'well')).toBe(1);
  expect(series('open', 'left')).toBe(0);
  expect(series('opens_in', 'left')).toBe(3_600);
  expect(series('latency', 'well')).toBe(0.25);
  expect(series('failures', 'left')).toBe(0);
  expect(series('garbage_headers', 'well')).toBe(1);
  expect(series('clamped_hints', 'left')).toBe(1);
  expect(series('last_left', 'left')).toBe(now / 1_000);
  expect(text).toMatch(/lane_last_left\S*\{[^}]*kind="rate_limited"/);
  expect(text).toMatch(/lane_health\{[^}]*key="well"[^}]*health="healthy"[^}]*\} 1/);
  await page.close();
  telemetry.close();
});

test('a lane that is gone, or in another state of health, leaves no series behind', async () => {
  const { clock, pool } = build();
  const telemetry = createTelemetry({ clock });
  const [lane] = pool.inspect(clock.now()).lanes;
  if (lane === undefined) throw new Error('no lane');
  let lanes = [lane, { ...lane, model: 'other' }];
  const page = createMetricsPage(telemetry, {
    pools: () => [{ ...pool.inspect(clock.now()), lanes }],
    circuits: () => [],
  });
  expect(await page.text()).toContain('model="other"');
  lanes = [{ ...lane, health: 'degraded' }];
  for (let looks = 0; looks < 3; looks += 1) {
    const text = await page.text();
    expect(text).not.toContain('model="other"');
    expect(text.match(/^gateway_keypool_lane_health\{.*$/gm)).toMatchObject([
      expect.stringContaining('health="degraded"'),
    ]);
    expect(text).toMatch(/^gateway_keypool_lane_in_flight\{.*\} 1$/m);
  }
  await page.close();
  telemetry.close();
});

test('and so is the queue', async () => {
  const clock = new VirtualClock();
  const pool = createPool({ name: 'openai', keys: [{ name: 'only', value: 'x', rpm: 10 }] });
  const call = keypool({ pools: { openai: pool } })(async () => 'answer');
  const ask = () =>
    call(
      { target: { provider: 'openai', model: 'm' } },
      createContext({ clock }, WAIT_UNTIL.of(clock.now() + 300_000)),
    );
  const calls = Array.from({ length: 12 }, ask);
  await clock.advance(0);
  expect(pool.inspect(clock.now())).toMatchObject({ waiting: 2, waitingByModel: { m: 2 } });
  const telemetry = createTelemetry({ clock });
  const page = createMetricsPage(telemetry, { pools: () => [pool.inspect(clock.now())] });
  expect(await page.text()).toMatch(/gateway_keypool_waiting\{pool="openai"[^}]*\} 2/);
  await page.close();
  telemetry.close();
  expect(await clock.run(Promise.all(calls))).toHaveLength(12);
});
