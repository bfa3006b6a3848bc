import { describe, expect, onTestFinished, test } from 'vitest';
import { governed, type Governance } from '../../test/support/governed.ts';
import { RawClient } from '../../test/support/raw-client.ts';

const TOKEN = 'operators-only-0123456789';
const MODEL = 'openai/gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];

/** A gateway with an admin plane, and a client of it. */
async function plane(governance: Governance = {}, server: object = {}) {
  const gateway = await governed(governance, { server: { adminToken: TOKEN, ...server } });
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${gateway.url}/admin${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = (text === '' ? undefined : JSON.parse(text)) as Record<string, unknown>;
    return { status: response.status, etag: response.headers.get('etag'), headers: response.headers, body: json };
  };
  return { ...gateway, call };
}

describe('the admin plane', () => {
  test('makes a key that works at once, and revokes it at once', async () => {
    const { call, openai } = await plane();
    await call('POST', '/customers', { id: 'acme', name: 'Acme', budgets: [{ usd: 1, per: 'month' }] });
    await call('POST', '/teams', { id: 'search', name: 'Search', customer: 'acme' });
    const limits = [{ unit: 'requests', max: 10, per: 'minute' }];
    const created = await call('POST', '/virtual-keys', { name: 'App', team: 'search', limits });
    expect(created).toMatchObject({ status: 201, body: { owner: 'store', status: 'active', team: 'search' } });
    const { id, key } = created.body as { id: string; key: string };
    expect(key).toMatch(/^xk-/);

    await openai(key).chat.completions.create({ model: MODEL, messages });
    const seen = await call('GET', `/virtual-keys/${id}`);
    expect(seen.body).not.toHaveProperty('key');
    expect(seen.body).not.toHaveProperty('keyHash');
    expect((await call('GET', `/virtual-keys/${id}/limits`)).body).toMatchObject({ data: [{ used: 1, max: 10 }] });
    expect((await call('GET', '/customers/acme/leases')).body).toEqual({ data: [] });
    const { body: usage } = await call('GET', '/usage?groupBy=team,model&customer=acme');
    expect(usage).toMatchObject({ data: [{ group: { team: 'search', model: 'gpt-4o-mini' }, requests: 1 }] });

    const rotated = await call('POST', `/virtual-keys/${id}/rotate`, { graceMs: 0 });
    await expect(openai(key).models.list()).rejects.toMatchObject({ status: 401 });
    await openai(rotated.body['key'] as string).chat.completions.create({ model: MODEL, messages });
    expect((await call('POST', `/virtual-keys/${id}/reset`)).body).toMatchObject({ data: [{ used: 0 }] });
    expect((await call('POST', `/virtual-keys/${id}/revoke`)).body).toMatchObject({ status: 'revoked' });
    const refused = openai(rotated.body['key'] as string).chat.completions.create({ model: MODEL, messages });
    await expect(refused).rejects.toMatchObject({ status: 401, code: 'virtual_key_revoked' });

    const { body: audit } = await call('GET', '/audit');
    const changes = (audit['data'] as { action: string; kind: string; via: string }[]).map(
      ({ action, kind, via }) => `${action} ${kind} by ${via}`,
    );
    expect(changes).toEqual([
      'revoke virtual-key by admin-api',
      'reset virtual-key by admin-api',
      'rotate virtual-key by admin-api',
      'create virtual-key by admin-api',
      'create team by admin-api',
      'create customer by admin-api',
    ]);
    expect(JSON.stringify(audit)).not.toMatch(/keyHash|xk-[\w-]{10}/);
  });

  test('changes what has not been changed meanwhile, and deletes what nobody needs', async () => {
    const { call } = await plane();
    const created = await call('POST', '/teams', { id: 'a', name: 'one' });
    expect(created.etag).toBe(`"${String(created.body['revision'])}"`);
    const ifMatch = { 'if-match': created.etag ?? '' };
    const changed = await call('PATCH', '/teams/a', { name: 'two', metadata: { x: 'y' } }, ifMatch);
    expect(changed).toMatchObject({ status: 200, body: { name: 'two', metadata: { x: 'y' } } });
    const late = await call('PATCH', '/teams/a', { name: 'three' }, ifMatch);
    expect(late).toMatchObject({ status: 412, body: { error: { code: 'revision_mismatch', param: 'if-match' } } });
    expect((await call('DELETE', '/teams/a', undefined, ifMatch)).status).toBe(412);
    const less = await call('PATCH', '/teams/a', { metadata: null });
    expect(less.body).toEqual({ id: 'a', owner: 'store', revision: expect.any(Number), name: 'two', enabled: true });
    await call('POST', '/virtual-keys', { id: 'k', name: 'k', team: 'a' });
    expect(await call('DELETE', '/teams/a')).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
    expect((await call('DELETE', '/virtual-keys/k')).status).toBe(204);
    expect((await call('DELETE', '/teams/a')).status).toBe(204);
    expect(await call('GET', '/teams/a')).toMatchObject({ status: 404, body: { error: { code: 'entity_not_found' } } });
    expect((await call('POST', '/teams', { id: 'b', name: 'b' })).status).toBe(201);
    expect((await call('POST', '/teams', { id: 'b', name: 'b' })).status).toBe(409);
  });

  test('lists a page at a time', async () => {
    const { call } = await plane();
    for (const id of ['c', 'a', 'b']) await call('POST', '/teams', { id, name: id });
    const ids = async (query: string) => {
      const { body } = await call('GET', `/teams${query}`);
      return [(body['data'] as { id: string }[]).map(({ id }) => id).join(''), body['next']];
    };
    expect(await ids('')).toEqual(['abc', null]);
    expect(await ids('?limit=2')).toEqual(['ab', 'b']);
    expect(await ids('?limit=2&after=b')).toEqual(['c', null]);
  });

  test('leaves what the configuration owns to it', async () => {
    const { call } = await plane({ teams: { core: { name: 'Core' } } });
    expect((await call('GET', '/teams/core')).body).toMatchObject({ owner: 'configuration', revision: null });
    const refused = await call('PATCH', '/teams/core', { name: 'x' });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'owned_by_configuration' } } });
  });

  test('ends the cool-down of a provider’s key, and says who did', async () => {
    const { call, openai, simulator } = await plane({ anonymous: 'allow' });
    simulator.setFaults([{ name: 'status', status: 401 }]);
    await openai('sk-any')
      .chat.completions.create({ model: MODEL, messages })
      .catch(() => undefined);
    simulator.setFaults([]);
    const lanes = async () => {
      const { pools } = (await call('GET', '/pools')).body as { pools: { pool: string; lanes: { state: string }[] }[] };
      return pools.find(({ pool }) => pool === 'openai')?.lanes.map(({ state }) => state);
    };
    expect(await lanes()).toEqual(['closed']);
    expect((await call('POST', '/pools/openai/keys/openai-1/reopen')).status).toBe(204);
    expect(await lanes()).toEqual(['open']);
    expect((await call('GET', '/audit')).body).toMatchObject({
      data: [{ kind: 'provider-key', id: 'openai/openai-1' }],
    });
    for (const path of ['/pools/openai/keys/none/reopen', '/pools/__proto__/keys/x/reopen']) {
      expect((await call('POST', path)).status).toBe(404);
    }
  });
});

describe('who may', () => {
  test.for([
    ['GET', '/teams', 401],
    ['POST', '/virtual-keys', 401],
    ['GET', '/pools', 401],
    ['GET', '/nothing', 401],
    ['DELETE', '/pools', 401],
    ['GET', '/openapi.json', 200],
  ] as const)('%s %s without a token: %i', async ([method, path, status]) => {
    const { url } = await plane();
    for (const authorization of ['', 'Bearer ', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN]) {
      const headers = authorization === '' ? {} : { authorization };
      const response = await fetch(`${url}/admin${path}`, { method, headers });
      expect([authorization, response.status]).toEqual([authorization, status]);
      expect(await response.text()).not.toContain(TOKEN);
    }
  });

  test('nobody from elsewhere, with whatever token, unless the configuration says so', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    const { call } = await plane();
    const refused = await call('GET', '/teams', undefined, forwarded);
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'admin_loopback_only' } } });
    const open = await plane({}, { admin: 'any' });
    expect((await open.call('GET', '/teams', undefined, forwarded)).status).toBe(200);
    const off = await plane({}, { admin: 'off' });
    expect((await off.call('GET', '/teams')).status).toBe(404);
  });

  test('where no token is configured, some may be read and nothing may be done', async () => {
    const { call } = await plane({}, { adminToken: undefined });
    expect((await call('GET', '/pools')).status).toBe(200);
    const refused = await call('GET', '/teams');
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'admin_token_not_configured' } } });
  });
});

describe('what makes no sense is refused by the name of the field', () => {
  test.for([
    ['POST', '/teams', { name: '' }, 400, 'name'],
    ['POST', '/teams', { name: 'x', nam: 1 }, 400, 'nam'],
    ['POST', '/teams', { name: 'x', id: '../../etc' }, 400, 'id'],
    ['POST', '/teams', { name: 'x', id: 5 }, 400, 'id'],
    ['POST', '/teams', '{"name":"x","__proto__":{"enabled":false}}', 400, '__proto__'],
    ['POST', '/teams', { name: 'x', customer: 'nobody' }, 400, 'customer'],
    ['POST', '/virtual-keys', { name: 'x', keyHash: 'y' }, 400, 'keyHash'],
    ['POST', '/virtual-keys', { name: 'x', budgets: [{ usd: -1, per: 'day' }] }, 400, 'budgets[0].usd'],
    ['PATCH', '/teams/t', '{"__proto__":{"customer":"x"}}', 400, '__proto__'],
    ['PATCH', '/teams/t', { enabled: 'no' }, 400, 'enabled'],
    ['PATCH', '/virtual-keys/k', { revokedAt: null }, 400, 'revokedAt'],
    ['PATCH', '/teams/t', '[1]', 400, null],
    ['PATCH', '/teams/t', '{', 400, null],
    ['POST', '/virtual-keys/k/rotate', { graceMs: -1 }, 400, 'graceMs'],
    ['POST', '/virtual-keys/k/reset', { limit: 'none' }, 404, 'id'],
    ['POST', '/virtual-keys/k/reset', { all: true }, 400, 'all'],
    ['GET', '/teams?limit=0', undefined, 400, 'limit'],
    ['GET', '/teams?limit=1&limit=2', undefined, 400, 'limit'],
    ['GET', '/teams?colour=red', undefined, 400, 'colour'],
    ['GET', '/teams?__proto__=x', undefined, 400, '__proto__'],
    ['GET', '/teams/t?x=y', undefined, 400, 'x'],
    ['GET', '/usage?from=yesterday', undefined, 400, 'from'],
    ['GET', '/usage?from=2&to=1', undefined, 400, 'to'],
    ['GET', '/usage?groupBy=colour', undefined, 400, 'groupBy[0]'],
    ['GET', '/requests?after=1', undefined, 400, 'after'],
    ['GET', '/requests/none', undefined, 404, 'id'],
    ['GET', '/audit?after=x', undefined, 400, 'after'],
    ['GET', '/teams/%E0%A4%A', undefined, 400, 'path'],
    ['GET', '/teams/%2e%2e%2fcustomers', undefined, 404, 'id'],
    ['GET', '/teams/constructor', undefined, 404, 'id'],
    ['GET', '/nothing', undefined, 404, null],
    ['PUT', '/teams/t', {}, 405, null],
  ] as const)('%s %s %j: %i %s', async ([method, path, body, status, param]) => {
    const { call } = await plane();
    await call('POST', '/teams', { id: 't', name: 't' });
    await call('POST', '/virtual-keys', { id: 'k', name: 'k' });
    const before = (await call('GET', '/audit')).body;
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status, body: { error: { param } } });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect((await call('GET', '/audit')).body).toEqual(before);
  });

  test('a tag that is none, a weak one, and a body beyond all bounds', async () => {
    const { call } = await plane();
    await call('POST', '/teams', { id: 't', name: 't' });
    for (const tag of ['W/"1"', '1', '"x"', '"1", "2"']) {
      const answer = await call('PATCH', '/teams/t', { name: 'x' }, { 'if-match': tag });
      expect(answer).toMatchObject({ status: 400, body: { error: { param: 'if-match' } } });
    }
    const large = await call('POST', '/teams', { name: 'x'.repeat(2_000_000) });
    expect(large).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } });
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect((await call('POST', '/teams', `{"metadata":${deep}}`)).status).toBe(400);
  });

  test('a caller that leaves in the middle of its body harms nobody', async () => {
    const { call, url } = await plane();
    const client = new RawClient(Number(new URL(url).port));
    onTestFinished(() => client.leave());
    const head = `POST /admin/teams HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${TOKEN}\r\ncontent-length: 100\r\n\r\n`;
    client.send(`${head}{"name":`);
    client.leave();
    await client.closed;
    expect((await call('GET', '/teams')).body).toEqual({ data: [], next: null });
  });
});
