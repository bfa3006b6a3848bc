import { describe, expect, test, vi } from 'vitest';
import type { GovernanceHealth } from '@x/governance';
import { governed } from '../test/support/governed.ts';
import { troublesOf } from './governance-troubles.ts';

const KEY = `xk-${'a'.repeat(40)}`;

describe('GET /v1/models', () => {
  const virtualKeys = {
    narrow: {
      name: 'Narrow',
      key: KEY,
      allow: { models: ['openai/gpt-4o-mini', 'claude-3-5-haiku*'] },
      deny: { providers: ['anthropic'] },
      limits: [{ unit: 'requests' as const, max: 3, per: 'minute' as const }],
    },
  };
  const aliases = { fast: ['anthropic/claude-3-5-haiku-latest', 'openai/gpt-4o-mini'], slow: 'openai/gpt-4o' };

  test('lists what the caller may use, and says how its limits stand', async () => {
    const { openai } = await governed({ virtualKeys }, { aliases });
    const { data, response } = await openai(KEY).models.list().withResponse();
    expect(data.data.map(({ id }) => id)).toEqual(['fast', 'openai/gpt-4o-mini']);
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('3');
  });

  test('is refused to whom nobody knows, and whole for callers without limits', async () => {
    const { openai } = await governed({ virtualKeys }, { aliases });
    await expect(openai(`xk-${'z'.repeat(40)}`).models.list()).rejects.toMatchObject({
      status: 401,
      code: 'virtual_key_unknown',
    });
    const anyone = await governed({ anonymous: 'allow' }, { aliases });
    expect((await anyone.openai('sk-any').models.list()).data.length).toBeGreaterThan(10);
  });
});

describe('the health of governance', () => {
  test('is on the page of metrics, and in GET /ready', async () => {
    const { url } = await governed({ virtualKeys: { app: { name: 'App', key: KEY } } });
    const page = await (await fetch(`${url}/metrics`)).text();
    expect(page).toMatch(/^gateway_governance_virtual_keys(\{.*\})? 1$/m);
    expect(page).toMatch(/^gateway_governance_ledger_ok(_ratio)?(\{.*\})? 1$/m);
    expect(page).toMatch(/^gateway_governance_limits_ok(_ratio)?(\{.*\})? 1$/m);
    expect(page).not.toContain(KEY);
    expect(await (await fetch(`${url}/ready`)).json()).toEqual({ status: 'ready' });
  });

  test('a ledger that is away is told of, and the gateway is still in service', async () => {
    const { url, openai, state } = await governed({
      ledgerPolicy: 'open',
      virtualKeys: { app: { name: 'App', key: KEY } },
    });
    const away = new Error('disk full');
    if (state) vi.spyOn(state.durable.ledger, 'append').mockRejectedValueOnce(away).mockRejectedValueOnce(away);
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    await openai(KEY).chat.completions.create({ model: 'openai/gpt-4o-mini', messages });
    const ready = await fetch(`${url}/ready`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      status: 'degraded',
      reasons: expect.arrayContaining([expect.objectContaining({ what: 'ledger', since: expect.any(Number) })]),
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^gateway_governance_ledger_ok(_ratio)?(\{.*\})? 0$/m);
  });

  test('each thing that is away has its words', () => {
    const health: GovernanceHealth = {
      virtualKeys: 1,
      leases: 0,
      directoryFailingSince: 3,
      ledger: { failingSince: 2, waiting: 5, dropped: 0 },
      limits: { ok: false, policy: 'share', since: 1 },
    };
    expect(troublesOf(health)).toEqual([
      {
        what: 'limits',
        message: 'the store of limits is away: each replica enforces its share of every limit meanwhile',
        since: 1,
      },
      { what: 'ledger', message: 'the ledger is away, and 5 rows wait for it', since: 2 },
      { what: 'directory', message: 'changes of virtual keys that other replicas make do not arrive', since: 3 },
    ]);
  });
});
