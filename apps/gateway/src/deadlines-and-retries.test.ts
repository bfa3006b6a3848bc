import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { configFromObject } from '@x/config';
import { eventually } from '../test/support/gateway.ts';
import { upstream, type UpstreamCall } from '../test/support/upstream.ts';
import { createGateway } from './gateway.ts';

const messages = [{ role: 'user' as const, content: 'Hello' }];
const MODEL = 'one/m';

/** A gateway in front of one provider that answers as the test says. */
async function site(answer: (call: UpstreamCall, count: number) => void, more: Record<string, unknown> = {}) {
  let count = 0;
  const { url: baseURL } = await upstream((call) => answer(call, (count += 1)));
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const provider = { type: 'openai-compatible', baseURL, allowPrivateNetwork: true };
  const config = configFromObject({ providers: { one: provider, two: provider }, ...more }, {});
  const gateway = createGateway(config, { logger: pino({ level: 'info' }, { write }) });
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
  onTestFinished(async () => void (await gateway.close()));
  const clients = {
    openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: 'x' }),
    anthropic: new Anthropic({ baseURL: `${url}/anthropic`, apiKey: 'x' }),
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return text.split('\n').filter((line) => line.startsWith(name));
  };
  return { ...clients, url, lines, metric, calls: () => count };
}

function fail(status: number, headers: Record<string, string> = {}) {
  return ({ response }: UpstreamCall) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ error: { message: 'no', type: 'server_error', code: null } }));
  };
}

describe('a deadline that passes', () => {
  /** Counts the calls that somebody ended. */
  async function hanging() {
    let ended = 0;
    const parts = await site(({ response }) => void response.on('close', () => (ended += 1)));
    return { ...parts, ended: () => ended };
  }

  test('is a 504 for openai, that its client does not repeat, and the upstream call is ended', async () => {
    const { openai, calls, ended } = await hanging();
    const headers = { 'x-gateway-timeout-ms': '80' };
    const call = openai.chat.completions.create({ model: MODEL, messages }, { headers });
    await expect(call).rejects.toMatchObject({ status: 504, code: 'deadline_exceeded' });
    await eventually(() => ended() === 1);
    expect(calls()).toBe(1);
  });

  test('is a 504 for anthropic too', async () => {
    const { anthropic, calls, ended } = await hanging();
    const headers = { 'x-gateway-timeout-ms': '80' };
    const call = anthropic.messages.create({ model: MODEL, max_tokens: 9, messages }, { headers });
    await expect(call).rejects.toMatchObject({
      status: 504,
      error: { type: 'error', error: { message: 'not answered within 80 ms' } },
    });
    await eventually(() => ended() === 1);
    expect(calls()).toBe(1);
  });

  test('is told before the client gives up by itself, so that it does not ask again', async () => {
    const { openai, calls, ended, lines } = await hanging();
    const call = openai.chat.completions.create({ model: MODEL, messages }, { timeout: 1_000 });
    await expect(call).rejects.toMatchObject({ status: 504, code: 'deadline_exceeded' });
    await eventually(() => ended() === 1);
    expect(calls()).toBe(1);
    expect(lines).toHaveLength(1);
  });
});

describe('who retries', () => {
  test.each([500, 503, 529, 401, 400])('after a final %d no client asks again', async (status) => {
    for (const name of ['openai', 'anthropic'] as const) {
      const { calls, lines, ...clients } = await site(fail(status), {
        backoff: { maxAttempts: 2, baseMs: 1, capMs: 1, quickRetryMs: 1 },
      });
      const { openai, anthropic } = clients;
      const call =
        name === 'openai'
          ? openai.chat.completions.create({ model: MODEL, messages })
          : anthropic.messages.create({ model: MODEL, max_tokens: 9, messages });
      await expect(call).rejects.toMatchObject({ headers: expect.anything() });
      expect(lines.filter(({ msg }) => msg === 'request')).toHaveLength(1);
      expect(calls()).toBeLessThanOrEqual(2);
    }
  });

  test('a wait of more than a minute is not left to clients, which would sleep through it or ignore it', async () => {
    for (const name of ['openai', 'anthropic'] as const) {
      const { calls, openai, anthropic } = await site(fail(429, { 'retry-after': '90' }));
      const call =
        name === 'openai'
          ? openai.chat.completions.create({ model: MODEL, messages })
          : anthropic.messages.create({ model: MODEL, max_tokens: 9, messages });
      await expect(call).rejects.toMatchObject({ status: 429 });
      expect(calls()).toBe(1);
    }
  });

  test('a short wait is, and the retry is known for one', async () => {
    const answered = (call: UpstreamCall, count: number) => {
      if (count === 1) return fail(429, { 'retry-after-ms': '150' })(call);
      call.response.writeHead(200, { 'content-type': 'application/json' });
      const message = { role: 'assistant', content: 'Hello' };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      return void call.response.end(JSON.stringify({ object: 'chat.completion', model: 'm', choices }));
    };
    const { openai, calls, lines, metric } = await site(answered);
    const headers = { 'x-gateway-timeout-ms': '120' };
    const answer = await openai.chat.completions.create({ model: MODEL, messages }, { headers });
    expect(answer.choices[0]?.message.content).toBe('Hello');
    expect(calls()).toBe(2);
    expect(lines.map(({ clientRetry }) => clientRetry)).toEqual([0, 1]);
    const counted = (await metric('gateway_client_retries')).filter((line) => line.includes('ok'));
    expect(counted).toHaveLength(1);
    expect(counted[0]).toMatch(/ 1( \d+)?$/);
  });
});

test('an open circuit is seen by operators: in the admin page, in the metrics, and in the log', async () => {
  const { openai, url, lines, metric, calls } = await site(fail(500), {
    chains: { [MODEL]: ['two/m'] },
    breaker: { failuresInARow: 2 },
    backoff: { quickRetryMs: 1, baseMs: 1, capMs: 1 },
    fallback: { maxWaitMs: 0 },
  });
  const ask = () => openai.chat.completions.create({ model: MODEL, messages }, { maxRetries: 0 });
  for (const _ of [1, 2]) await expect(ask()).rejects.toMatchObject({ status: 502 });
  const before = calls();
  await expect(ask()).rejects.toMatchObject({ status: 429, code: 'circuit_open' });
  expect(calls()).toBe(before);
  const page = (await (await fetch(`${url}/admin/circuits`)).json()) as { circuits: unknown[] };
  expect(page.circuits).toMatchObject([
    { target: 'one/m', state: 'open', opensInMs: expect.any(Number) },
    { target: 'two/m', state: 'open' },
  ]);
  const state = await metric('gateway_circuits_state');
  expect(state).toHaveLength(2);
  for (const line of state) expect(line).toMatch(/ 1( \d+)?$/);
  expect(await metric('gateway_circuits_changes')).toHaveLength(2);
  expect(lines.filter(({ msg }) => msg === 'circuit')).toMatchObject([
    { level: 40, target: 'one/m', from: 'closed', to: 'open' },
    { level: 40, target: 'two/m' },
  ]);
});
