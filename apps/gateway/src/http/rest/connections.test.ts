import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { configFromObject } from '@x/config';
import { describe, expect, onTestFinished, test } from 'vitest';
import { RawClient } from '../../../test/support/raw-client.ts';
import { simulatedGateway } from '../../../test/support/simulated.ts';
import { createGateway } from '../../gateway.ts';

const SPEECH = JSON.stringify({ model: 'openai/tts-1', input: 'x', voice: 'v' });

/** A gateway in front of a server that answers as it is told. */
async function inFrontOf(answer: (response: ServerResponse) => void) {
  const upstream = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`;
  const openai = { baseURL, allowPrivateNetwork: true, keys: [{ value: 'k' }] };
  const gateway = createGateway(configFromObject({ log: { level: 'silent' }, providers: { openai } }, {}));
  const port = await gateway.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    await gateway.close();
    upstream.closeAllConnections();
    upstream.close();
  });
  return { port, gateway };
}

const head = (path: string, length: number, type = 'application/json') =>
  `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n`;

describe('a slow reader', () => {
  test('slows the provider, and gets every byte in the end', async () => {
    const total = 64 * 1024 * 1024;
    const piece = Buffer.alloc(1024 * 1024, 7);
    let sent = 0;
    const { port } = await inFrontOf((response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' });
      const more = () => {
        while (sent < total) {
          sent += piece.byteLength;
          if (!response.write(piece)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const client = new RawClient(port);
    client.send(head('/v1/audio/speech', SPEECH.length) + SPEECH);
    client.socket.pause();
    // As long as nothing is read, what is under way is what sockets hold.
    await expect.poll(() => sent).toBeGreaterThan(0);
    let before = -1;
    await expect
      .poll(
        () => {
          const still = sent === before;
          before = sent;
          return still;
        },
        { interval: 100 },
      )
      .toBe(true);
    expect(sent).toBeLessThan(total / 2);
    let received = 0;
    client.socket.on('data', (bytes) => (received += bytes.byteLength));
    client.socket.resume();
    await expect.poll(() => received, { timeout: 20_000 }).toBeGreaterThan(total);
    client.leave();
  }, 30_000);
});

describe('callers that send strangely', () => {
  test('one that closes its half within its form leaves nothing behind', async () => {
    const world = await simulatedGateway();
    const client = new RawClient(world.port);
    client.send(`${head('/v1/files', 10_000, 'multipart/form-data; boundary=b')}--b\r\n`);
    client.halfClose();
    await client.closed;
    expect(world.gateway.inFlight).toBe(0);
    expect(world.seen).toEqual([]);
  });

  test('one that sends a form in pieces of one byte', async () => {
    const { port } = await simulatedGateway();
    const part = (name: string, more: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
    const body = `${part('model', '', 'openai/whisper-1')}${part('file', '; filename="a.wav"', 'abc')}--b--\r\n`;
    const client = new RawClient(port);
    client.send(head('/v1/audio/transcriptions', body.length, 'multipart/form-data; boundary="b"'));
    for (const byte of Buffer.from(body)) client.send(Buffer.of(byte));
    await expect.poll(() => client.text).toMatch(/3 bytes of a\.wav/);
    client.leave();
  });
});

test('a provider that is silent within its bytes holds nothing once the caller has left', async () => {
  let closed = false;
  const { port, gateway } = await inFrontOf((response) => {
    response.writeHead(200, { 'content-type': 'audio/mpeg' });
    response.write('abc');
    response.on('close', () => (closed = true));
  });
  const client = new RawClient(port).send(head('/v1/audio/speech', SPEECH.length) + SPEECH);
  await expect.poll(() => client.text).toMatch(/abc/);
  client.leave();
  await expect.poll(() => closed).toBe(true);
  await expect.poll(() => gateway.inFlight).toBe(0);
});

test('a redirect is no answer: it would carry the key along', async () => {
  const { port } = await inFrontOf((response) => {
    response.writeHead(302, { location: 'https://elsewhere.test/' });
    response.end();
  });
  const response = await fetch(`http://127.0.0.1:${port}/v1/files/f/content`);
  expect(response.status).toBe(502);
});
