import { connect } from 'node:net';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configFromObject } from '@x/config';
import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../test/faults/caller.ts';
import { openSite } from '../../test/faults/site.ts';
import { chunk } from '../../test/support/upstream.ts';
import { eventually } from '../../test/support/gateway.ts';
import { post } from '../../test/support/raw-client.ts';
import { createGateway } from '../gateway.ts';

const MIB = 1 << 20;

/** A provider whose stream has `mebibytes` to say, as fast as it is read. */
async function talker(mebibytes: number) {
  const state = { sent: 0, responses: [] as ServerResponse[] };
  const event = chunk('x'.repeat(16_000));
  const server = createServer((request, response) => {
    state.responses.push(response);
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const more = () => {
      while (state.sent < mebibytes * MIB) {
        state.sent += event.length;
        if (!response.write(event)) return void response.once('drain', more);
      }
      response.end(`${chunk('', 'stop')}data: [DONE]\n\n`);
    };
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const baseURL = `http://127.0.0.1:${port}/v1`;
  const provider = { type: 'openai-compatible', baseURL, allowPrivateNetwork: true, keys: [{ value: 'k' }] };
  const gateway = createGateway(configFromObject({ log: { level: 'silent' }, providers: { talker: provider } }, {}));
  const url = await gateway.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    await gateway.close();
    server.close();
    server.closeAllConnections();
  });
  return { state, gateway, port: url };
}

test('a reader that stops stops the provider, through the whole gateway, and loses nothing by it', async () => {
  const { state, port } = await talker(96);
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const before = process.memoryUsage();
  socket.pause();
  socket.write(post('/v1/chat/completions', '{"model":"talker/m","messages":[],"stream":true}'));
  await eventually(() => state.sent > 0);
  await settled(() => state.sent);
  // Two connections, each with the buffers of the machine at both of its ends, take some: up to 6 MiB each here.
  expect(state.sent / MIB, 'MiB sent').toBeLessThan(48);
  const { arrayBuffers } = process.memoryUsage();
  // Garbage that is not yet collected counts too, so the bound is a wide one: without back-pressure it would be all of the 96.
  expect((arrayBuffers - before.arrayBuffers) / MIB, 'MiB in the buffers of provider and gateway').toBeLessThan(32);

  let received = 0;
  let end = '';
  socket.on('data', (piece: Buffer) => {
    received += piece.length;
    end = (end + piece.subarray(-200).toString()).slice(-200);
  });
  socket.resume();
  await eventually(() => end.endsWith('data: [DONE]\n\n\r\n0\r\n\r\n'));
  expect(received).toBeGreaterThanOrEqual(96 * MIB);
});

test('a reader that leaves in the middle of it closes the provider', async () => {
  const { state, port, gateway } = await talker(96);
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  socket.write(post('/v1/chat/completions', '{"model":"talker/m","messages":[],"stream":true}'));
  await eventually(() => state.sent > 0);
  await settled(() => state.sent);
  socket.destroy();
  await eventually(() => state.responses[0]?.destroyed === true);
  await eventually(() => gateway.inFlight === 0);
});

test('an event that cannot be read is left out, and counted where operators look', async () => {
  const site = await openSite({ provider: 'openai', faults: [{ name: 'malformed_event' }] });
  onTestFinished(() => site.close());
  const question = { url: site.url, dialect: 'openai', stream: true, model: 'openai/m', fallbacks: [] } as const;
  const { text } = await site.clock.run(ask(question).heard);
  expect(text).not.toContain('chatcmpl-malformed');
  const metrics = await (await fetch(`${site.url}/metrics`)).text();
  expect(metrics).toMatch(/gateway_stream_skipped_events_total\{provider="openai",model="m"[^}]*\} 1\n/);
});

/** Until a number has not changed for a good while. */
async function settled(read: () => number): Promise<void> {
  for (let quiet = 0, last = -1; quiet < 400; quiet += 1) {
    await eventually(() => true);
    if (read() !== last) quiet = 0;
    last = read();
  }
}
