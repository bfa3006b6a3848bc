import { BACKOFF_DEFAULTS, RETRY_BUDGET_DEFAULTS } from '@x/backoff';
import { BREAKER_DEFAULTS } from '@x/fallback';
import { KEY_POOL_DEFAULTS } from '@x/keypool';
import { HOLD_DEFAULTS, RESUME_DEFAULTS, TIME_LIMITS_DEFAULTS } from '@x/streams';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { configFromObject, parseConfig } from './parse-config.ts';
import { redact } from './redact.ts';

const SECRET = 'sk-very-secret-0123456789';
const ENV = { OPENAI_KEY_1: `${SECRET}-1`, OPENAI_KEY_2: ` ${SECRET}-2\n` };

/** The whole of what a ConfigError says, or nothing. Any other error is thrown on. */
function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    return [error.stack, JSON.stringify(error), JSON.stringify(error.problems)].join();
  }
  return '';
}

const OPENAI = 'openai: {keys: [{value: env.OPENAI_KEY_1}]}';

describe('accepts', () => {
  const keys = [
    { name: 'openai-primary', value: 'env.OPENAI_KEY_1', weight: 0.7 },
    { name: 'openai-second', value: 'env.OPENAI_KEY_2', weight: 0.3 },
  ];
  const resolved = [
    { name: 'openai-primary', value: `${SECRET}-1`, variable: 'OPENAI_KEY_1', weight: 0.7, models: undefined },
    { name: 'openai-second', value: `${SECRET}-2`, variable: 'OPENAI_KEY_2', weight: 0.3, models: undefined },
  ];

  test.each([
    ['at the top level', { openai: { keys } }],
    ['inside "providers"', { providers: { openai: { keys } } }],
  ])('a known provider %s', (_where, value) => {
    const { openai } = parseConfig(JSON.stringify(value, undefined, 2), { env: ENV }).providers;
    expect(openai).toMatchObject({ type: 'openai', baseURL: 'https://api.openai.com/v1', keys: resolved });
    expect(configFromObject(value, ENV).providers).toEqual({ openai });
  });

  test('JSON with tabs, and a comma too many', () => {
    const text =
      '{\n\t"$schema": "./schema.json",\n\t"openai": {\n\t\t"keys": [{"value": "env.OPENAI_KEY_1"},],\n\t},\n}';
    expect(parseConfig(text, { env: ENV }).providers['openai']?.keys).toHaveLength(1);
  });

  test('a local provider without keys', () => {
    const { providers } = parseConfig(
      'providers: {local: {type: openai-compatible, baseURL: "http://localhost:8000/v1/", allowPrivateNetwork: true}}',
      {},
    );
    expect(providers['local']).toMatchObject({ baseURL: 'http://localhost:8000/v1', keys: [] });
  });

  test('the key in the usual variable when none is named, and a base URL from the environment', () => {
    const env = { OPENAI_API_KEY: SECRET, URL: 'http://localhost:1/v1' };
    const { openai } = parseConfig('openai: {baseURL: env.URL, allowPrivateNetwork: true}', { env }).providers;
    expect(openai).toMatchObject({
      baseURL: 'http://localhost:1/v1',
      keys: [{ name: 'openai-1', value: SECRET, variable: 'OPENAI_API_KEY' }],
    });
  });

  test('everything left out: the defaults', () => {
    const { providers: _, ...rest } = parseConfig(OPENAI, { env: ENV });
    expect(rest).toEqual({
      server: {
        host: '127.0.0.1',
        port: 8080,
        maxBodyBytes: 20_971_520,
        timeoutMs: 600_000,
        drainMs: 30_000,
        streamKeepAliveMs: 0,
        admin: 'loopback',
      },
      chains: {},
      aliases: {},
      models: {},
      catalog: {},
      fallback: { patienceMs: 2_500, maxWaitMs: 30_000, moveOnAfter: [], moveOnAfterByModel: {} },
      breaker: BREAKER_DEFAULTS,
      hedge: false,
      backoff: {
        jitter: 'full',
        baseMs: BACKOFF_DEFAULTS.baseMs,
        capMs: BACKOFF_DEFAULTS.capMs,
        quickRetryMs: BACKOFF_DEFAULTS.quickRetryMs,
        maxAttempts: BACKOFF_DEFAULTS.maxAttempts,
        budget: RETRY_BUDGET_DEFAULTS,
      },
      keypool: {
        cooldownMs: KEY_POOL_DEFAULTS.cooldownMs,
        cooldownCapMs: KEY_POOL_DEFAULTS.cooldownCapMs,
        maxCooldownMs: KEY_POOL_DEFAULTS.maxCooldownMs,
        reprobeMs: KEY_POOL_DEFAULTS.reprobeMs,
        maxWaiting: KEY_POOL_DEFAULTS.maxWaiting,
        maxWaitMs: KEY_POOL_DEFAULTS.maxWaitMs,
      },
      streams: {
        ...TIME_LIMITS_DEFAULTS,
        resume: RESUME_DEFAULTS.policy,
        maxRescues: RESUME_DEFAULTS.maxRescues,
        maxResumeChars: RESUME_DEFAULTS.maxChars,
        hold: HOLD_DEFAULTS.policy,
        maxHoldBytes: HOLD_DEFAULTS.maxBytes,
        routes: {},
      },
      governance: undefined,
      store: {
        durable: { type: 'sqlite', path: 'gateway.db', durability: 'process' },
        limits: { type: 'memory' },
        requestLog: { enabled: true, retentionDays: 30, maxRows: 1_000_000, bodies: false },
      },
      log: { level: 'info' },
    });
  });
});

describe('never shows a secret', () => {
  test('in an error, wherever the text breaks', () => {
    const text = JSON.stringify({
      openai: { keys: [{ name: 'a', value: SECRET }] },
      chains: { 'openai/a': ['openai/b'] },
    });
    const start = text.indexOf(SECRET);
    const breakage = fc.constantFrom(
      '',
      '"',
      '}',
      ']',
      ':',
      ',',
      '\n',
      '\\',
      '\t',
      '&',
      '*',
      '!',
      '|',
      '@',
      ' #',
      '- ',
      'x',
    );
    const place = fc.integer({ min: 0, max: text.length }).filter((at) => at <= start || at >= start + SECRET.length);
    fc.assert(
      fc.property(place, breakage, fc.integer({ min: 0, max: 3 }), (at, inserted, removed) => {
        const end = at <= start ? Math.min(at + removed, start) : at + removed;
        const broken = text.slice(0, at) + inserted + text.slice(end);
        expect(complaint(() => parseConfig(broken, { path: 'x.json', env: {} }))).not.toContain(SECRET.slice(0, 12));
      }),
      { numRuns: 1_000 },
    );
  });

  test('in a redacted configuration', () => {
    const config = parseConfig(OPENAI, { env: ENV });
    expect(JSON.stringify(config)).toContain(SECRET);
    expect(JSON.stringify(redact(config))).not.toContain(SECRET);
  });

  test('in a redacted configuration with governance and stores', () => {
    const config = configFromObject(
      {
        openai: { keys: [{ value: 'topsecret' }] },
        server: { adminToken: 'topsecret' },
        governance: { virtualKeys: { app: { name: 'App', key: `xk-topsecret${'a'.repeat(30)}` } } },
        store: {
          durable: { type: 'postgres', url: 'postgres://u:topsecret@host/db' },
          limits: { type: 'redis', url: 'redis://:topsecret@host' },
        },
      },
      {},
    );
    expect(JSON.stringify(redact(config))).not.toContain('topsecret');
    expect(redact(config).governance?.virtualKeys['app']?.name).toBe('App');
  });
});

test('never throws anything but a ConfigError, whatever the value', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      complaint(() => configFromObject({ openai: value, chains: value, server: value, backoff: value }, {}));
    }),
  );
});

test('a program may hand in anything: functions, cycles, objects of a class', () => {
  const cycle: Record<string, unknown> = {};
  cycle['openai'] = cycle;
  expect(complaint(() => configFromObject(cycle, {}))).toContain('openai.openai: unknown member');
  const value = { openai: { keys: [{ value: 'a' }] }, log: new Map(), server: { port: () => 1 } };
  const told = complaint(() => configFromObject(value, {}));
  expect(told).toContain('server.port: must be a number, got a function');
});

test('a member named __proto__ changes nothing', () => {
  expect(complaint(() => parseConfig(`${OPENAI}\n__proto__: {polluted: 1}`, { env: ENV }))).toContain(
    '__proto__: unknown member',
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});
