import { describe, expect, onTestFinished, test } from 'vitest';
import { configFromObject, openState, type ConfigInput } from '@x/config';
import { systemClock } from '@x/core';
import { upstream, chunk, type UpstreamCall } from '../../test/support/upstream.ts';
import { eventually } from '../../test/support/gateway.ts';
import { post, RawClient } from '../../test/support/raw-client.ts';
import { createGateway } from '../gateway.ts';

const KEY = `xk-${'a'.repeat(40)}`;
const OTHER = `xk-${'b'.repeat(40)}`;
const CHAT = '{"model":"openai/m","messages":[]}';

/** Answers every call at once with its own name. */
const named = (name: string) =>
  upstream(({ response }) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        choices: [{ index: 0, message: { role: 'assistant', content: name }, finish_reason: 'stop' }],
      }),
    ),
  );

const provider = (baseURL: string) => ({ baseURL, allowPrivateNetwork: true, keys: [{ value: 'sk-x' }] });

const configOf = (openai: ReturnType<typeof provider>, more: Partial<ConfigInput> = {}) =>
  configFromObject({ openai, store: { durable: { type: 'sqlite', path: ':memory:' } }, ...more }, {});

async function start(config: ReturnType<typeof configOf>) {
  const state = await openState(config, { clock: systemClock });
  const gateway = createGateway(config, { state });
  const port = await gateway.listen(0, '127.0.0.1');
  onTestFinished(async () => void (await gateway.close()));
  const ask = async (key = KEY) => {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      body: CHAT,
      headers,
    });
    const body = (await response.json()) as { choices?: { message: { content: string } }[]; error?: { code: string } };
    return body.choices?.[0]?.message.content ?? body.error?.code;
  };
  const pool = async () => {
    const { pools } = (await (await fetch(`http://127.0.0.1:${port}/admin/pools`)).json()) as {
      pools: { lanes: [] }[];
    };
    return pools[0]?.lanes.length;
  };
  return { gateway, port, ask, pool };
}

describe('another configuration', () => {
  test('is for new requests: a stream in flight ends by the one that it began with', async () => {
    const calls: UpstreamCall[] = [];
    const { url: slow } = await upstream((call) => calls.push(call));
    const { url: quick } = await named('new');
    const { gateway, port, ask } = await start(configOf(provider(slow)));
    const caller = new RawClient(port);
    onTestFinished(() => caller.leave());
    caller.send(post('/v1/chat/completions', '{"model":"openai/m","messages":[],"stream":true}'));
    await eventually(() => calls.length === 1);
    const { response } = calls[0] as UpstreamCall;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk('before'));
    await caller.until('before');

    expect(gateway.reload(configOf(provider(quick)))).toEqual([]);
    expect(await ask()).toBe('new');
    response.end(`${chunk('after')}${chunk('', 'stop')}data: [DONE]\n\n`);
    const { body, complete } = await caller.response();
    expect(body).toContain('after');
    expect(body).toContain('[DONE]');
    expect(complete).toBe(true);
  });

  test('a request that fails over after it does so by the old one too', async () => {
    const calls: UpstreamCall[] = [];
    const { url } = await upstream((call) => calls.push(call));
    const { url: second } = await named('second of the old');
    const chains = { 'openai/m': ['mistral/m'] };
    const { gateway, ask } = await start(configOf(provider(url), { mistral: provider(second), chains }));
    const answer = ask();
    await eventually(() => calls.length === 1);
    const { url: quick } = await named('new');
    gateway.reload(configOf(provider(quick)));
    calls[0]?.response.writeHead(429, { 'retry-after': '60' }).end('{}');
    expect(await answer).toBe('second of the old');
  });

  test('keeps what pools have learned where nothing about their provider has changed', async () => {
    const { url } = await named('same');
    const { gateway, ask, pool } = await start(configOf(provider(url)));
    await ask();
    expect(await pool()).toBe(1);
    gateway.reload(configOf(provider(url), { chains: { 'openai/m': ['openai/n'] } }));
    expect(await pool()).toBe(1);
    gateway.reload(configOf({ ...provider(url), keys: [{ value: 'sk-y' }] }));
    expect(await pool()).toBe(0);
  });

  test('changes who may ask, and one that makes no sense changes nothing', async () => {
    const { url } = await named('served');
    const keyed = (virtualKeys: object) =>
      configOf(provider(url), { governance: { virtualKeys, unknownPrice: 'allow' } as ConfigInput['governance'] });
    const { gateway, ask } = await start(keyed({ one: { name: 'One', key: KEY } }));
    expect([await ask(), await ask(OTHER)]).toEqual(['served', 'virtual_key_unknown']);
    gateway.reload(keyed({ two: { name: 'Two', key: OTHER } }));
    expect([await ask(), await ask(OTHER)]).toEqual(['virtual_key_unknown', 'served']);
    const wrong = { ...keyed({}), catalog: { file: '/nowhere/prices.json' } };
    expect(() => gateway.reload(wrong)).toThrow('/nowhere/prices.json cannot be used');
    expect([await ask(), await ask(OTHER)]).toEqual(['virtual_key_unknown', 'served']);
    // Without the section nobody is let in who was not before.
    expect(gateway.reload(configOf(provider(url)))).toEqual(['governance']);
    expect(await ask()).toBe('virtual_key_unknown');
  });

  test('says what only a restart brings', async () => {
    const { url } = await named('same');
    const { gateway } = await start(configOf(provider(url)));
    const changed = { server: { port: 9_999, timeoutMs: 5_000 }, log: { level: 'warn' }, governance: {} } as const;
    expect(gateway.reload(configOf(provider(url), changed))).toEqual(['server.port', 'log.level', 'governance']);
  });
});
