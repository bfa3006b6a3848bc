import { expect, test } from 'vitest';
import { configFromObject } from '../parse-config.ts';
import { describeConfig } from './describe-config.ts';
import { describeLayers } from './layers.ts';

const providers = { openai: { keys: [{ value: 'sk-secret' }] } };
const key = `xk-${'s'.repeat(40)}`;

const layers = ['identify', 'route', 'authorize'].map((name) => ({ name, options: {} }));

function text(given: object): string {
  const config = configFromObject({ providers, ...given }, {});
  return [...describeConfig(config, undefined), ...describeLayers(layers as never, config)].join('\n');
}

test('who may ask, and where it is written down', () => {
  const told = text({
    governance: { virtualKeys: { app: { name: 'App', key } }, teams: { a: { name: 'A' }, b: { name: 'B' } } },
  });
  expect(told).toContain('0 customers, 2 teams, 1 virtual key; more in the store');
  expect(told).toContain(
    'SQLite, gateway.db, safe from the death of the process; while it is away requests are refused',
  );
  expect(told).toMatch(/limits and budgets {2}in the memory of this process/);
  expect(told).toMatch(/request log +30 days, 1000000 requests at most, without bodies/);
  expect(told).toMatch(/identify +once +whose request it is, by its virtual key; callers without one are refused/);
  expect(told).toMatch(
    /authorize +once +budgets and limits[^\n]*: reserves the worst case; models without a price are refused/,
  );
  expect(told).not.toContain(key);
});

test('stores elsewhere, without what lets one in', () => {
  const told = text({
    governance: { anonymous: 'allow', admission: 'expected', unknownPrice: 'allow', ledgerPolicy: 'open' },
    store: {
      durable: { type: 'postgres', url: 'postgres://gateway:secret@db.example:5432/gateway?password=secret' },
      limits: { type: 'redis', url: 'redis://:secret@cache.example:6379/2', replicas: 3 },
      requestLog: { enabled: false },
    },
  });
  expect(told).toContain('PostgreSQL, postgres://db.example:5432/gateway, 5 connections');
  expect(told).toContain('Redis, redis://cache.example:6379/2, keys x:*; while it is away each of 3 replicas enforces');
  expect(told).toMatch(/request log +off/);
  expect(told).toContain('reserves what 95 % of answers stay within; models without a price count as free');
  expect(told).not.toContain('secret');
});

test('nothing of it where everyone may ask', () => {
  expect(describeConfig(configFromObject({ providers }, {}), undefined).join('\n')).not.toContain('governance');
});
