import { createClock, type Clock } from '@x/core';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { retry } from './retry.ts';

/** Every wait takes one turn of the event loop and moves the time by its whole length, so real sockets work under it. */
function leapingClock(): Clock & { waits: number[] } {
  let now = Date.UTC(2026, 0, 1);
  const waits: number[] = [];
  const clock = createClock({
    now: () => now,
    random: () => 0.5,
    schedule: (ms, callback) => {
      waits.push(ms);
      const turn = setImmediate(() => {
        now += ms;
        callback();
      });
      return () => clearImmediate(turn);
    },
  });
  return { ...clock, waits };
}

const servers: Server[] = [];

/** A server that plays the listeners one by one, the last of them for ever. */
async function serve(...listeners: RequestListener[]) {
  const state = { requests: 0 };
  const server = createServer((request, response) => {
    const listener = listeners[Math.min(state.requests, listeners.length - 1)];
    state.requests += 1;
    listener?.(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, state, server };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const answer =
  (status: number, headers: Record<string, string> = {}, body = `status ${status}`): RequestListener =>
  (_request, response) =>
    response.writeHead(status, headers).end(body);
const reset: RequestListener = (request) => request.socket.destroy();

describe('retry with fetch', () => {
  test('waits as a 429 says and hands on the answer', async () => {
    const { url, state } = await serve(answer(429, { 'retry-after': '2' }), answer(200));
    const clock = leapingClock();
    const response = await retry(({ signal }) => fetch(url, { signal }), { clock });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('status 200');
    expect(state.requests).toBe(2);
    expect(clock.waits).toEqual([2_250]);
  });

  test('retry-after-ms goes before retry-after', async () => {
    const { url } = await serve(answer(503, { 'retry-after': '2', 'retry-after-ms': '100' }), answer(200));
    const clock = leapingClock();
    await retry(() => fetch(url), { clock });
    expect(clock.waits).toEqual([350]);
  });

  test('resolves with the last response, its body still to be read, as fetch would', async () => {
    const { url, state } = await serve(answer(503));
    const response = await retry(() => fetch(url), { clock: leapingClock(), maxAttempts: 3 });
    expect(response.status).toBe(503);
    expect(await response.text()).toBe('status 503');
    expect(state.requests).toBe(3);
  });

  test('a 404 is an answer', async () => {
    const { url, state } = await serve(answer(404));
    const response = await retry(() => fetch(url), { clock: leapingClock() });
    expect(response.status).toBe(404);
    expect(state.requests).toBe(1);
  });

  test('x-should-retry is honoured both ways', async () => {
    const no = await serve(answer(429, { 'x-should-retry': 'false' }));
    expect((await retry(() => fetch(no.url), { clock: leapingClock() })).status).toBe(429);
    expect(no.state.requests).toBe(1);
    const yes = await serve(answer(400, { 'x-should-retry': 'true' }), answer(200));
    expect((await retry(() => fetch(yes.url), { clock: leapingClock() })).status).toBe(200);
  });

  test('a body that never ends is cancelled before the next try, which closes its socket', async () => {
    let onClose: () => void;
    const closed = new Promise<void>((resolve) => (onClose = resolve));
    const endless: RequestListener = (_request, response) => {
      response.on('close', onClose);
      response.writeHead(500).write('once upon a time');
    };
    const { url } = await serve(endless, answer(200));
    const response = await retry(() => fetch(url), { clock: leapingClock() });
    expect(await response.text()).toBe('status 200');
    await closed;
  });

  test('a connection that is reset is tried again', async () => {
    const { url, state } = await serve(reset, answer(200));
    const response = await retry(() => fetch(url), { clock: leapingClock() });
    expect(response.status).toBe(200);
    expect(state.requests).toBe(2);
  });

  test('a refused connection ends with the error of fetch itself', async () => {
    const { url, server } = await serve(answer(200));
    await new Promise((resolve) => server.close(resolve));
    const clock = leapingClock();
    await expect(retry(() => fetch(url), { clock })).rejects.toMatchObject({ message: 'fetch failed' });
    expect(clock.waits).toHaveLength(2);
  });

  test('an abort in flight rejects with its reason and closes the socket', async () => {
    const controller = new AbortController();
    let onClose: () => void;
    const closed = new Promise<void>((resolve) => (onClose = resolve));
    const reason = new Error('the user left');
    const { url, state } = await serve((request) => {
      request.on('close', onClose);
      controller.abort(reason);
    });
    const call = retry(({ signal }) => fetch(url, { signal }), { clock: leapingClock(), signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    await closed;
    expect(state.requests).toBe(1);
  });

  test("the caller's signal still ends the body of the answer", async () => {
    const controller = new AbortController();
    const { url } = await serve((_request, response) => response.writeHead(200).write('once upon a time'));
    const response = await retry(({ signal }) => fetch(url, { signal }), {
      clock: leapingClock(),
      signal: controller.signal,
    });
    controller.abort();
    await expect(response.text()).rejects.toThrow('aborted');
  });
});
