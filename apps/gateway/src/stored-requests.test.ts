import { describe, expect, test } from 'vitest';
import { VirtualClock } from '@x/core/testing';
import type { LoggedRequest, RequestLog } from '@x/store';
import { governed } from '../test/support/governed.ts';
import { StoredRequests } from './stored-requests.ts';

const KEY = `xk-${'a'.repeat(40)}`;
const MODEL = 'openai/gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];
const headers = { authorization: 'Bearer operators-only' };

async function logged(requestLog: object) {
  const governance = { virtualKeys: { app: { name: 'App', key: KEY } } };
  const gateway = await governed(governance, { server: { adminToken: 'operators-only' }, store: { requestLog } });
  const requests = async (query = '') => {
    const response = await fetch(`${gateway.url}/admin/requests${query}`, { headers });
    const text = await response.text();
    expect(text).not.toContain(KEY);
    return JSON.parse(text) as { data: LoggedRequest[]; next: string | null };
  };
  return { ...gateway, requests };
}

describe('the request log', () => {
  test('has every request with its key and its outcome, and no bodies', async () => {
    const { openai, requests, url } = await logged({});
    const { response } = await openai(KEY).chat.completions.create({ model: MODEL, messages }).withResponse();
    await openai('sk-other')
      .chat.completions.create({ model: MODEL, messages })
      .catch(() => undefined);
    const { data } = await requests();
    const told = data.map(({ virtualKey, served, outcome }) => [virtualKey, served, outcome]);
    expect(told).toEqual([
      [null, null, 'failed'],
      ['app', MODEL, 'completed'],
    ]);
    expect(data.every(({ requestBody, responseBody }) => requestBody === null && responseBody === null)).toBe(true);
    expect(data[1]?.record).toMatchObject({ tenant: 'app', status: 200, costUsd: expect.any(Number) });

    const id = response.headers.get('x-request-id') ?? '';
    const one = await (await fetch(`${url}/admin/requests/${id}`, { headers })).json();
    expect(one).toMatchObject({ id, virtualKey: 'app', rows: [{ type: 'attempt' }, { type: 'answer' }] });
  });

  test('is read a page at a time, and by key, outcome and time', async () => {
    const { openai, requests } = await logged({});
    for (let n = 0; n < 3; n += 1) await openai(KEY).chat.completions.create({ model: MODEL, messages });
    const first = await requests('?limit=2');
    expect(first.data).toHaveLength(2);
    const rest = await requests(`?limit=2&after=${first.next ?? ''}`);
    expect([rest.data.length, rest.next]).toEqual([1, null]);
    expect(new Set([...first.data, ...rest.data].map(({ id }) => id)).size).toBe(3);
    expect((await requests('?virtualKey=app&outcome=completed')).data).toHaveLength(3);
    expect((await requests('?virtualKey=other')).data).toEqual([]);
    expect((await requests('?to=2001-01-01')).data).toEqual([]);
  });

  test('has bodies where they are asked for, streamed ones too', async () => {
    const { openai, requests } = await logged({ bodies: true });
    await openai(KEY).chat.completions.create({ model: MODEL, messages });
    const stream = await openai(KEY).chat.completions.create({ model: MODEL, messages, stream: true });
    for await (const _ of stream);
    const [streamed, whole] = (await requests()).data;
    expect(JSON.parse(whole?.requestBody ?? '')).toEqual({ model: MODEL, messages });
    expect(JSON.parse(whole?.responseBody ?? '')).toMatchObject({ object: 'chat.completion' });
    expect(streamed?.responseBody).toMatch(/^data: \{[^]*data: \[DONE\]\n\n$/);
    expect(streamed?.requestBody).toContain('"stream":true');
  });

  test('keeps nothing where it is turned off', async () => {
    const { openai, requests } = await logged({ enabled: false });
    await openai(KEY).chat.completions.create({ model: MODEL, messages });
    expect((await requests()).data).toEqual([]);
  });

  test('forgets by the clock, and goes on where that fails once', async () => {
    const clock = new VirtualClock();
    const prunings: unknown[] = [];
    const requests: RequestLog = {
      add: () => undefined,
      list: async () => [],
      prune: async (limits) => {
        prunings.push([clock.now(), limits]);
        if (prunings.length === 1) throw new Error('away');
        return 0;
      },
    };
    const start = clock.now();
    const stored = new StoredRequests({ requests, clock, retentionDays: 2, maxRows: 5, bodies: false });
    await clock.run(clock.sleep(1_300_000));
    stored.close();
    await clock.run(clock.sleep(1_300_000));
    const limits = { maxAgeMs: 172_800_000, maxRows: 5 };
    expect(prunings).toEqual([60_000, 660_000, 1_260_000].map((ms) => [start + ms, limits]));
  });
});
