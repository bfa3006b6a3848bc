import { expect, test } from 'vitest';
import { ConfigError } from '../config-error.ts';
import { configFromObject, parseConfig } from '../parse-config.ts';
import { redact } from '../redact.ts';

const KEY = `xk-${'a'.repeat(40)}`;
const providers = { openai: { keys: [{ value: 'sk-1' }] } };
const env = { TEAM_KEY: KEY, PG: 'postgres://x/y', TOKEN: 'secret' };

function problems(sections: object): string[] {
  try {
    configFromObject({ providers, ...sections }, env);
  } catch (error) {
    if (ConfigError.isInstance(error)) return error.problems.map(({ path, message }) => `${path}: ${message}`);
    throw error;
  }
  return [];
}

test('follows references, and fills in the rest', () => {
  const { governance, store, server } = configFromObject(
    {
      providers,
      server: { adminToken: 'env.TOKEN' },
      governance: {
        customers: { acme: { name: 'Acme' } },
        teams: { core: { name: 'Core', customer: 'acme' } },
        virtualKeys: { app: { name: 'App', team: 'core', key: 'env.TEAM_KEY' } },
        unknownPrice: { input: 1, output: 2 },
      },
      store: { durable: { type: 'postgres', url: 'env.PG' }, limits: { type: 'redis', url: 'redis://localhost' } },
    },
    env,
  );
  expect(governance).toMatchObject({ admission: 'strict', anonymous: 'reject', pollMs: 500 });
  expect(governance?.virtualKeys['app']).toMatchObject({ key: KEY, team: 'core', enabled: true });
  expect(store).toMatchObject({ durable: { url: env.PG, timeoutMs: 5_000 }, limits: { onOutage: 'share' } });
  expect(server.adminToken).toBe('secret');
});

const app = (changes: object) => ({ governance: { virtualKeys: { app: { name: 'App', key: KEY, ...changes } } } });

test.each([
  [app({ key: 'env.NONE' }), /^governance.virtualKeys.app.key: refers to .* NONE, which is not set/],
  [app({ key: 'short' }), /^governance.virtualKeys.app.key: must be xk-/],
  [app({ team: 'core' }), /^governance.virtualKeys.app.team: there is no team "core"/],
  [
    app({ budgets: [{ usd: 'ten', per: 'day' }] }),
    /^governance.virtualKeys.app.budgets\[0\].usd: must be a number, got a string/,
  ],
  [
    app({ providers: { opnai: { budgets: [{ usd: 1, per: 'day' }] } } }),
    /^governance.virtualKeys.app.providers.opnai: no provider has the name "opnai"; did you mean "openai"/,
  ],
  [app({ budget: [] }), /^governance.virtualKeys.app.budget: unknown member; did you mean "budgets"/],
  [
    { governance: { teams: { core: { name: 'Core', customer: 'acme' } } } },
    /^governance.teams.core.customer: there is no/,
  ],
  [
    { governance: { anonymous: { virtualKey: 'app' } } },
    /^governance.anonymous.virtualKey: there is no virtual key "app"/,
  ],
  [
    { governance: { virtualKeys: { a: { name: 'A', key: KEY }, b: { name: 'B', key: 'env.TEAM_KEY' } } } },
    /^governance.virtualKeys.b.key: is the key of "a" too/,
  ],
  [{ store: { durable: { type: 'mysql' } } }, /^store.durable/],
  [{ store: { durable: { type: 'postgres', url: 'mysql://x' } } }, /^store.durable.url: must begin with postgres/],
  [{ store: { limits: { type: 'redis', url: 'localhost' } } }, /^store.limits.url: must begin with redis/],
  [{ server: { adminToken: 'env.NONE' } }, /^server.adminToken: refers to/],
])('%j is told of', (sections, message) => {
  const found = problems(sections);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(message);
  expect(found[0]).not.toContain(KEY);
});

test('a redacted copy holds no key, token or address of a store', () => {
  const config = configFromObject(
    {
      providers,
      server: { adminToken: 'env.TOKEN' },
      ...app({}),
      store: {
        durable: { type: 'postgres', url: 'postgres://u:pass1@x/y' },
        limits: { type: 'redis', url: 'redis://:pass2@x' },
      },
    },
    env,
  );
  expect(JSON.stringify(redact(config))).not.toMatch(/sk-1|xk-|pass1|pass2|"secret"/);
  expect(redact(config)).toMatchObject({ governance: { virtualKeys: { app: { name: 'App' } } } });
});

test('points at the line', () => {
  const text = ['providers: { openai: { keys: [{ value: sk-1 }] } }', 'governance:', '  admission: strct'].join('\n');
  expect(() => parseConfig(text, { env, path: 'gateway.yaml' })).toThrow(/gateway.yaml:3/);
});
