import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Health } from './health.ts';

const PEERS = { latencyMs: 200, failures: 0 };

function settle(health: Health, from: number, calls: number, latencyMs = 200): number {
  let now = from;
  for (let i = 0; i < calls; i += 1) {
    now += 1_000;
    health.succeeded(latencyMs, now);
    health.share(PEERS, now);
  }
  return now;
}

describe('share', () => {
  it('is whole for a lane that is like its peers, or twice as slow', () => {
    const health = new Health();
    const now = settle(health, 0, 30, 400);
    expect(health.share(PEERS, now)).toBe(1);
    expect(health.state(now)).toBe('healthy');
  });

  it('falls below a twentieth for one that is ten times slower, and comes back step by step', () => {
    const health = new Health();
    let now = settle(health, 0, 30, 2_000);
    expect(health.share(PEERS, now)).toBeLessThan(0.05);
    expect(health.state(now)).toBe('degraded');
    now = settle(health, now, 10);
    const halfway = health.share(PEERS, now);
    expect(halfway).toBeGreaterThan(0.03);
    expect(halfway).toBeLessThan(1);
    now = settle(health, now, 50);
    expect(health.share(PEERS, now)).toBe(1);
  });

  it('falls with failures beyond those of the peers', () => {
    const health = new Health();
    for (let i = 0; i < 100; i += 1) {
      if (i % 5 === 0) health.failed(i * 100);
      else health.succeeded(200, i * 100);
    }
    expect(health.share(PEERS, 10_000)).toBeLessThan(0.15);
    expect(health.share({ latencyMs: 200, failures: 0.2 }, 60_000)).toBeGreaterThan(0.5);
  });
});

describe('opening', () => {
  it('five failures in a row leave it to its peers; one probe at a time; then a slow start', () => {
    const health = new Health();
    for (let i = 0; i < 5; i += 1) health.failed(i);
    expect(health.state(10)).toBe('open');
    expect(health.openUntil).toBe(5_004);
    expect(health.isHalfOpen(5_004)).toBe(true);
    expect(health.state(5_004)).toBe('half-open');
    health.failed(5_100);
    expect(health.openUntil).toBe(15_100);
    health.succeeded(200, 15_200);
    expect(health.isHalfOpen(15_200)).toBe(false);
    expect(health.share(PEERS, 15_200)).toBeLessThan(0.1);
  });
});

it('any sequence of calls keeps the share within (0, 1]', () => {
  const step = fc.tuple(fc.nat(20_000), fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const health = new Health();
      let now = 0;
      for (const [ms, latency] of steps) {
        now += ms;
        if (latency === null) health.failed(now);
        else health.succeeded(latency, now);
        const share = health.share(PEERS, now);
        expect(share).toBeGreaterThan(0);
        expect(share).toBeLessThanOrEqual(1);
      }
      expect(health.openUntil).toBeLessThanOrEqual(now + 60_000);
    }),
  );
});
