import { lookup } from 'node:dns';
import { describe, expect, test } from 'vitest';
import { adapterWith, fakeLookup } from '../testing/network.ts';
import { keyed, CHAT, request } from '../testing/calls.ts';
import { rejection } from '../testing/rejection.ts';
import { azure } from '../azure/azure.ts';
import { bedrock } from '../bedrock/bedrock.ts';
import { gemini } from '../gemini/gemini.ts';
import { openaiCompatible } from '../openai-compatible/openai-compatible.ts';
import { undiciTransport } from '../transport/undici-transport.ts';
import { vertex } from '../vertex/vertex.ts';
import { guardedLookup } from './guarded-lookup.ts';
import { reachOfAddress, reachOfHost, refusedURL, type Reach } from './reach.ts';

describe('how far an address leads', () => {
  test.each<[string, Reach]>([
    ['8.8.8.8', 'public'],
    ['172.15.255.255', 'public'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.0', 'public'],
    ['10.1.2.3', 'private'],
    ['192.168.0.1', 'private'],
    ['127.0.0.1', 'private'],
    ['127.255.255.254', 'private'],
    ['0.0.0.0', 'private'],
    ['100.64.0.1', 'private'],
    ['169.254.1.1', 'private'],
    ['169.254.169.254', 'metadata'],
    ['169.254.170.2', 'metadata'],
    ['::1', 'private'],
    ['::', 'private'],
    ['fe80::1', 'private'],
    ['fd12:3456::1', 'private'],
    ['fd00:ec2::254', 'metadata'],
    ['2606:4700::1111', 'public'],
    ['::ffff:127.0.0.1', 'private'],
    ['::ffff:7f00:1', 'private'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['::ffff:8.8.8.8', 'public'],
    ['64:ff9b::7f00:1', 'private'],
    ['64:ff9b::169.254.169.254', 'metadata'],
    ['64:ff9b::8.8.8.8', 'public'],
  ])('%s is %s', (address, reach) => {
    expect(reachOfAddress(address)).toBe(reach);
  });

  test.each<[string, Reach]>([
    ['http://localhost:8000/v1', 'private'],
    ['http://LOCALHOST./v1', 'private'],
    ['http://api.localhost/v1', 'private'],
    // The forms that browsers and curl take for the same address.
    ['http://2130706433/', 'private'],
    ['http://0x7f.1/', 'private'],
    ['http://017700000001/', 'private'],
    ['http://127.1/', 'private'],
    ['http://[::1]/', 'private'],
    ['http://[::ffff:10.0.0.1]/', 'private'],
    ['http://metadata.google.internal/', 'metadata'],
    ['http://metadata.google.internal./', 'metadata'],
    ['http://[fd00:ec2::254]/', 'metadata'],
    ['https://api.openai.com/v1', 'public'],
    ['https://10.example.com/v1', 'public'],
  ])('%s is %s', (url, reach) => {
    expect(reachOfHost(new URL(url).hostname)).toBe(reach);
  });

  test('metadata is refused whatever is allowed', () => {
    expect(refusedURL('http://169.254.169.254/', true)).toContain('169.254.169.254');
    expect(refusedURL('http://10.0.0.1/', true)).toBeUndefined();
    expect(refusedURL('http://10.0.0.1/', false)).toContain('allowPrivateNetwork');
  });
});

const METADATA = 'http://169.254.169.254';

describe('an adapter', () => {
  test('refuses a private base URL when it is made, and names the provider and the option', () => {
    expect(() => openaiCompatible({ name: 'mine', baseURL: 'http://10.0.0.1/v1' })).toThrow(
      'openaiCompatible: the baseURL of "mine": 10.0.0.1 is a private address, which is called only with allowPrivateNetwork: true',
    );
    expect(() =>
      openaiCompatible({ name: 'mine', baseURL: 'http://169.254.169.254/v1', allowPrivateNetwork: true }),
    ).toThrow('never called');
  });

  test.each([
    [
      'gemini',
      () => gemini({ baseURL: 'http://10.0.0.1' }),
      () => gemini({ baseURL: METADATA, allowPrivateNetwork: true }),
    ],
    [
      'vertex',
      () => vertex({ baseURL: 'http://10.0.0.1/v1', credential: 'k' }),
      () => vertex({ baseURL: METADATA, credential: 'k', allowPrivateNetwork: true }),
    ],
    [
      'bedrock',
      () => bedrock({ region: 'us-east-1', baseURL: 'http://10.0.0.1' }),
      () => bedrock({ region: 'us-east-1', baseURL: METADATA, allowPrivateNetwork: true }),
    ],
    [
      'azure',
      () => azure({ baseURL: 'http://10.0.0.1' }),
      () => azure({ baseURL: METADATA, allowPrivateNetwork: true }),
    ],
  ])('of %s refuses as the others do', (name, own, metadata) => {
    expect(own).toThrow(`${name}: the baseURL of "${name}": 10.0.0.1 is a private address`);
    expect(metadata).toThrow('never called');
  });

  test.each([
    ['gemini', (options: object) => gemini({ baseURL: 'http://127.0.0.1:9', ...options })],
    ['vertex', (options: object) => vertex({ baseURL: 'http://127.0.0.1:9/v1', credential: 'k', ...options })],
  ])('of %s calls a private address with leave', async (_name, create) => {
    const error = await rejection(create({ allowPrivateNetwork: true })(request(CHAT), keyed()));
    expect(error.kind).toBe('network');
    expect(error.code).not.toBe('address_refused');
  });

  test('of a local engine needs no leave, and has none for metadata', () => {
    expect(() => openaiCompatible({ name: 'ollama' })).not.toThrow();
    expect(() => openaiCompatible({ name: 'ollama', baseURL: 'http://169.254.169.254/v1' })).toThrow('never called');
    expect(() => openaiCompatible({ name: 'ollama', allowPrivateNetwork: false })).toThrow('allowPrivateNetwork');
  });
});

describe('a name that resolves to a private address', () => {
  test('is refused when it is called, before any connection', async () => {
    await using transport = adapterWith(false);
    const error = await rejection(transport.call('http://intranet.example:9/v1', { 'intranet.example': ['10.0.0.7'] }));
    expect(error).toMatchObject({ kind: 'network', code: 'address_refused' });
    expect(error.message).toContain('10.0.0.7');
  });

  test('is refused for metadata even where private addresses are allowed', async () => {
    await using transport = adapterWith(true);
    const error = await rejection(transport.call('http://evil.example:9/v1', { 'evil.example': ['169.254.169.254'] }));
    expect(error).toMatchObject({ kind: 'network', code: 'address_refused' });
  });

  test('keeps its public addresses', () => {
    const guard = guardedLookup(
      (reach) => reach === 'public',
      fakeLookup({ 'mixed.example': ['127.0.0.1', '93.184.216.34'] }),
    );
    let found: unknown;
    guard('mixed.example', { all: true }, (_error, addresses) => (found = addresses));
    expect(found).toEqual([{ address: '93.184.216.34', family: 4 }]);
  });

  test('is resolved as Node does it', async () => {
    const found = await new Promise((resolve) =>
      guardedLookup((reach) => reach !== 'metadata', lookup)('localhost', { all: true }, (_error, all) => resolve(all)),
    );
    expect(found).toContainEqual(expect.objectContaining({ address: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) }));
  });
});

test.each(['http://127.0.0.1:9/v1', 'http://[::1]:9/v1', 'http://localhost:9/v1'])(
  'a transport refuses %s by itself',
  async (url) => {
    const transport = undiciTransport();
    const error = await rejection(transport({ method: 'POST', url, headers: {} }, keyed()));
    expect(error).toMatchObject({ kind: 'network', code: 'address_refused' });
    await transport.close();
  },
);

test('a transport that may not, and an adapter that may: the transport decides', async () => {
  const transport = undiciTransport();
  const handler = openaiCompatible({
    name: 'mine',
    baseURL: 'http://127.0.0.1:9/v1',
    allowPrivateNetwork: true,
    transport,
  });
  expect(await rejection(handler(request(CHAT), keyed()))).toMatchObject({ code: 'address_refused' });
  await transport.close();
});
