import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createContext, PipelineError, type HttpRequest } from '@x/core';
import { rejection } from '../testing/rejection.ts';
import { promised, wireServer } from '../testing/wire-server.ts';
import type { UndiciTransportOptions } from './options.ts';
import { readBody } from './read-body.ts';
import { transportError } from './transport-error.ts';
import { undiciTransport, type Transport } from './undici-transport.ts';

const open: Transport[] = [];
function transportWith(options: UndiciTransportOptions = {}): Transport {
  // The servers of these tests are on this machine.
  const transport = undiciTransport({ allowPrivateNetwork: true, ...options });
  open.push(transport);
  return transport;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((transport) => transport.close()));
});

const post = (url: string, body?: HttpRequest['body']): HttpRequest => ({
  method: 'POST',
  url,
  headers: { 'x-a': 'b' },
  body,
});
const text = async (body: AsyncIterable<Uint8Array>) => new TextDecoder().decode((await readBody(body, 1e9)).bytes);

describe('a call', () => {
  test('sends the body and hands back status, headers and body', async () => {
    await using server = await wireServer((response, request) => {
      response.writeHead(418, { 'x-url': request.url, 'set-cookie': ['a=b', 'c=d'] }).end('short and stout');
    });
    const transport = transportWith();
    const body = new TextEncoder().encode('{"ö":1}');
    const answer = await transport(post(`${server.origin}/v1/x?y=z`, body), createContext());
    expect(answer.status).toBe(418);
    expect(answer.headers).toMatchObject({ 'x-url': '/v1/x?y=z', 'set-cookie': ['a=b', 'c=d'] });
    expect(await text(answer.body)).toBe('short and stout');
    expect(server.requests).toMatchObject([{ body: '{"ö":1}', headers: { 'x-a': 'b', 'content-length': '8' } }]);
  });

  test('reuses the connection when the body was read to its end', async () => {
    await using server = await wireServer((response) => response.end('x'.repeat(100_000)));
    const transport = transportWith();
    for (let index = 0; index < 20; index += 1) {
      await text((await transport(post(server.origin), createContext())).body);
    }
    // A call right behind the last byte may find the connection not quite free, so there may be a second.
    expect(server.connections).toBeLessThanOrEqual(2);
  });
});

describe('what goes wrong', () => {
  test('nobody listens', async () => {
    const { origin } = await closedServer();
    const error = await rejection(transportWith()(post(origin), createContext()));
    expect(error).toMatchObject({ kind: 'network', code: 'connection_refused' });
    expect(error.message).toContain(origin);
  });

  test('the name does not resolve', async () => {
    const error = await rejection(transportWith()(post('http://no-such-host.invalid/'), createContext()));
    expect(error).toMatchObject({ kind: 'network', code: 'dns' });
  });

  test('the connection is reset', async () => {
    await using server = await wireServer((response) => response.socket?.resetAndDestroy());
    const error = await rejection(transportWith()(post(server.origin), createContext()));
    expect(error).toMatchObject({ kind: 'network', code: 'connection_reset' });
  });

  test('the connection is reset in the middle of a body', async () => {
    await using server = await wireServer((response) => {
      response.writeHead(200);
      response.write('some', () => response.socket?.resetAndDestroy());
    });
    const answer = await transportWith()(post(server.origin), createContext());
    expect((await rejection(text(answer.body))).kind).toBe('network');
  });

  test('the answer is no HTTP', async () => {
    await using server = await wireServer((response) => response.socket?.end('SSH-2.0-OpenSSH\r\n\r\n'));
    expect(await rejection(transportWith()(post(server.origin), createContext()))).toMatchObject({
      kind: 'server_error',
      code: 'invalid_http',
    });
  });

  test('no headers come', async () => {
    await using server = await wireServer(() => undefined);
    const error = await rejection(transportWith({ headersTimeoutMs: 50 })(post(server.origin), createContext()));
    expect(error).toMatchObject({ kind: 'timeout', code: 'headers_timeout' });
  });

  test('the body stops', async () => {
    await using server = await wireServer((response) => response.writeHead(200).write('some'));
    const answer = await transportWith({ bodyTimeoutMs: 50 })(post(server.origin), createContext());
    expect(await rejection(text(answer.body))).toMatchObject({ kind: 'timeout', code: 'body_timeout' });
  });

  test.each([['a header that cannot be sent', { 'x-key': 'a\nb' }]])('%s', async (_name, headers) => {
    const error = await rejection(transportWith()({ ...post('http://127.0.0.1:1/'), headers }, createContext()));
    expect(error).toMatchObject({ kind: 'invalid_request', code: 'unsendable_request' });
    expect(error.message).not.toContain('a\nb');
  });

  test('a URL that is none', async () => {
    expect((await rejection(transportWith()(post('nonsense'), createContext()))).kind).toBe('invalid_request');
  });

  test('a connection that takes too long is a timeout', () => {
    const thrown = Object.assign(new Error('Connect Timeout Error'), { code: 'UND_ERR_CONNECT_TIMEOUT' });
    const error = transportError(thrown, 'http://x.test', new AbortController().signal);
    expect(error).toMatchObject({ kind: 'timeout', code: 'connect_timeout', cause: thrown });
  });
});

describe('an abort', () => {
  test('before the call keeps it from being made', async () => {
    await using server = await wireServer((response) => response.end());
    const call = transportWith()(post(server.origin), createContext({ signal: AbortSignal.abort() }));
    expect((await rejection(call)).kind).toBe('cancelled');
    expect(server.connections).toBe(0);
  });

  test('while waiting for an answer closes the connection', async () => {
    const arrived = promised();
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      arrived.keep();
    });
    const controller = new AbortController();
    const call = rejection(transportWith()(post(server.origin), createContext({ signal: controller.signal })));
    await arrived.promise;
    controller.abort();
    expect((await call).kind).toBe('cancelled');
    await gone.promise;
  });

  test('while a body is read closes the connection, with the reason that was given', async () => {
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      response.writeHead(200).write('some');
    });
    const controller = new AbortController();
    const answer = await transportWith()(post(server.origin), createContext({ signal: controller.signal }));
    const chunks = answer.body[Symbol.asyncIterator]();
    await chunks.next();
    const next = rejection(chunks.next());
    const reason = new PipelineError('timeout', 'the time is up');
    controller.abort(reason);
    expect(await next).toBe(reason);
    await gone.promise;
  });

  test('after a body was read, while nobody looks, harms nobody', async () => {
    await using server = await wireServer((response) => response.end('x'));
    const controller = new AbortController();
    const answer = await transportWith()(post(server.origin), createContext({ signal: controller.signal }));
    expect(await text(answer.body)).toBe('x');
    controller.abort();
  });

  test('before a body was read, while nobody looks, is found when somebody does', async () => {
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      response.writeHead(200).write('some');
    });
    const controller = new AbortController();
    const answer = await transportWith()(post(server.origin), createContext({ signal: controller.signal }));
    controller.abort();
    await gone.promise;
    expect((await rejection(text(answer.body))).kind).toBe('cancelled');
  });
});

test('an abort ends a request that still waits for a connection', async () => {
  const arrived = promised();
  const responses: ServerResponse[] = [];
  await using server = await wireServer((response) => {
    responses.push(response);
    arrived.keep();
  });
  const transport = transportWith({ connections: 1 });
  const first = transport(post(server.origin), createContext());
  await arrived.promise;
  const controller = new AbortController();
  const second = rejection(transport(post(server.origin), createContext({ signal: controller.signal })));
  controller.abort();
  expect((await second).kind).toBe('cancelled');
  responses[0]?.end('x');
  expect(await text((await first).body)).toBe('x');
  expect(server.requests).toHaveLength(1);
});

describe('leaving a body early', () => {
  test('closes the connection', async () => {
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      response.writeHead(200).write('some');
    });
    const answer = await transportWith()(post(server.origin), createContext());
    for await (const _ of answer.body) break;
    await gone.promise;
  });

  test('does so even while a read is waiting', async () => {
    const gone = promised();
    await using server = await wireServer((response) => {
      response.on('close', gone.keep);
      response.writeHead(200).flushHeaders();
    });
    const answer = await transportWith()(post(server.origin), createContext());
    const chunks = answer.body[Symbol.asyncIterator]();
    const waiting = chunks.next();
    await chunks.return?.();
    await gone.promise;
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});

test('a body that nobody reads does not pile up: the provider is slowed down', async () => {
  const stalled = promised();
  let written = 0;
  await using server = await wireServer(async (response) => {
    response.writeHead(200);
    while (written < MOST_WRITTEN) {
      written += CHUNK.byteLength;
      if (!response.write(CHUNK) && !(await drains(response))) break;
    }
    stalled.keep();
  });
  const answer = await transportWith()(post(server.origin), createContext());
  await stalled.promise;
  // What the kernel's own buffers hold is not ours.
  expect(written).toBeLessThan(MOST_WRITTEN / 4);
  const chunks = answer.body[Symbol.asyncIterator]();
  expect((await chunks.next()).value?.byteLength).toBeLessThanOrEqual(2 * 65_536);
  await chunks.return?.();
});

const CHUNK = Buffer.alloc(256 * 1_024);
const MOST_WRITTEN = 128 * 1_024 * 1_024;

/** Whether there is room again within some turns of the event loop. */
async function drains(response: ServerResponse): Promise<boolean> {
  let drained = false;
  response.once('drain', () => (drained = true));
  for (let turn = 0; turn < 2_000 && !drained; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  return drained;
}

async function closedServer() {
  await using server = await wireServer((response) => response.end());
  return { origin: server.origin };
}
