import { describe, expect, test } from 'vitest';
import type { CallRecord, RequestRecord, RunRecord } from '../run/records.ts';
import {
  callsOfIdeal,
  goodput,
  lateRefusals,
  otherFailures,
  peakShare,
  refusalsWithoutTime,
  seen429s,
  shareError,
  shares,
  unanswered,
  upstream429s,
  waitMs,
} from './measures.ts';

function request(at: number, end: Partial<RequestRecord> = {}): RequestRecord {
  const arrival = { at, tenant: undefined, inputTokens: 100, maxTokens: undefined };
  return { arrival, outcome: 'answered', servedAt: at, endedAt: at + 100, retryAfterMs: undefined, ...end };
}

function call(at: number, key: string, status = 200): CallRecord {
  return { at, provider: 'openai', key, status };
}

function record(parts: Partial<RunRecord>): RunRecord {
  return { contender: 'any', seconds: 10, requests: [], calls: [], hung: 0, ideal: [], idealOfFirst: [], ...parts };
}

describe('goodput', () => {
  const run = record({
    requests: [request(0), request(1_000, { servedAt: 6_000 }), request(9_000, { servedAt: 12_000 })],
    ideal: [0, 1_000, 9_000, undefined],
  });

  test('counts by the moment of service, while requests arrive', () => {
    expect(goodput(run)).toBeCloseTo(2 / 3);
    expect(goodput(run, {})).toBe(1);
    expect(goodput(run, { fromSeconds: 5 })).toBe(2);
  });

  test('does not count refusals, although a call was made for them', () => {
    expect(goodput(record({ requests: [request(0, { outcome: 'rate_limited' })], ideal: [0] }))).toBe(0);
  });
});

test('refusals are told from other failures by what the caller sees', () => {
  const run = record({
    requests: [
      request(0, { outcome: 'pool_exhausted', retryAfterMs: 500 }),
      request(0, { outcome: 'rate_limited', endedAt: 5_000 }),
      request(0, { outcome: 'timeout' }),
      request(0),
    ],
    hung: 1,
  });
  expect([seen429s(run), otherFailures(run)]).toEqual([2, 1]);
  expect(refusalsWithoutTime(run)).toBe(0.5);
  expect(lateRefusals(run)).toBe(0.5);
  expect(unanswered(run)).toBeCloseTo(0.8);
});

test('waits end where the answering call begins', () => {
  const run = record({ requests: [request(0, { servedAt: 300 }), request(0, { servedAt: 900, outcome: 'timeout' })] });
  expect(waitMs(run, 0.99)).toBe(300);
});

describe('calls', () => {
  const calls = [call(0, 'a'), call(1_000, 'a', 429), call(2_000, 'b'), call(7_000, 'b')];
  const run = record({ calls, ideal: [0, 1_000] });

  test('are counted by status, in a span', () => {
    expect(upstream429s(run)).toBe(0.25);
    expect(upstream429s(run, { fromSeconds: 2 })).toBe(0);
    expect(upstream429s(run, { fromSeconds: 20 })).toBe(0);
    expect(callsOfIdeal(run, { untilSeconds: 5 })).toBe(1.5);
  });

  test('are shared by keys', () => {
    expect(shares(run, 'openai')).toEqual(new Map(Object.entries({ a: 0.5, b: 0.5 })));
    expect(shares(run, 'other').size).toBe(0);
    expect(peakShare(run, { provider: 'openai', name: 'b' }, { fromSeconds: 0, untilSeconds: 10 })).toBe(1);
  });

  test('are compared with weights, keys without a call among them', () => {
    const keys = [
      { name: 'a', weight: 3, limits: {} },
      { name: 'b', limits: {} },
      { name: 'c', limits: {} },
    ];
    expect(shareError(run, 'openai', keys)).toBeCloseTo(0.3);
  });
});
