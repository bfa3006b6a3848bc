import { expect, test } from 'vitest';
import { anthropicCompatible } from './anthropic-compatible/anthropic-compatible.ts';
import { anthropic } from './anthropic/anthropic.ts';
import { azure } from './azure/azure.ts';
import { bedrock } from './bedrock/bedrock.ts';
import { gemini } from './gemini/gemini.ts';
import { openaiCompatible } from './openai-compatible/openai-compatible.ts';
import { openai } from './openai/openai.ts';
import type { AdapterOptions } from './options.ts';
import { providers } from './providers.ts';
import { undiciTransport } from './transport/undici-transport.ts';
import { vertex } from './vertex/vertex.ts';

const transport = async () => expect.unreachable('called');
const shared: AdapterOptions = { transport };

/** Each factory with what it cannot do without. */
const FACTORIES: Readonly<Record<string, (options: object) => unknown>> = {
  openai: (options) => openai({ ...shared, ...options }),
  anthropic: (options) => anthropic({ ...shared, ...options }),
  gemini: (options) => gemini({ ...shared, ...options }),
  openaiCompatible: (options) => openaiCompatible({ ...shared, name: 'groq', ...options }),
  anthropicCompatible: (options) =>
    anthropicCompatible({ ...shared, name: 'mine', baseURL: 'https://example.com/v1', ...options }),
  azure: (options) => azure({ ...shared, baseURL: 'https://mine.openai.azure.com', ...options }),
  bedrock: (options) => bedrock({ ...shared, region: 'us-east-1', ...options }),
  vertex: (options) => vertex({ ...shared, project: 'mine', ...options }),
};

test.each(Object.entries(FACTORIES))('%s: what all adapters take', (name, make) => {
  const says = (options: object, message: string) => expect(() => make(options)).toThrow(`${name}: ${message}`);
  says({ name: 1 }, 'name must be a non-empty string, got 1');
  says({ baseURL: 'ftp://example.com' }, 'baseURL must be an http(s) URL, got "ftp://example.com"');
  says({ baseURL: 1 }, 'baseURL must be an http(s) URL, got 1');
  says({ transport: 'fetch' }, 'transport must be a function, got "fetch"');
  says({ credential: { value: 1 } }, 'credential must be a non-empty string or { name, value }, and is none');
  says({ headers: { a: 1 } }, 'headers must be an object of strings, got an object');
  says({ errors: [{ kind: 'busy' }] }, 'errors must be a list of rows with a known kind, got a list');
  says({ maxEventChars: 0 }, 'maxEventChars must be a whole number of at least 1, got 0');
  says({ maxAnswerBytes: 1.5 }, 'maxAnswerBytes must be a whole number of at least 1, got 1.5');
  says({ maxErrorBytes: -1 }, 'maxErrorBytes must be a whole number of at least 1, got -1');
  says({ allowPrivateNetwork: 'yes' }, 'allowPrivateNetwork must be true or false, got "yes"');
  says({ onSkippedEvent: 'log' }, 'onSkippedEvent must be a function, got "log"');
});

test.each<[string, object, string]>([
  ['openaiCompatible', { name: 'nobody' }, 'baseURL must be given for "nobody", which is no known host with one'],
  ['openaiCompatible', { keyless: 'yes' }, 'keyless must be true or false, got "yes"'],
  ['openaiCompatible', { quirks: 1 }, 'quirks must be an object, got 1'],
  ['azure', { apiVersion: 'latest' }, 'apiVersion must be a date such as 2024-10-21, got "latest"'],
  ['azure', { token: 'ey' }, 'token must be a function, got "ey"'],
  ['bedrock', { region: 'everywhere' }, 'region must be one such as us-east-1, got "everywhere"'],
  ['bedrock', { keys: 'two' }, 'keys must be true or false, got "two"'],
  ['bedrock', { credentials: {} }, 'credentials must be a function, got an object'],
  ['vertex', { project: 1 }, 'project must be a name of Google Cloud, got 1'],
  ['vertex', { location: 'a b' }, 'location must be a name of Google Cloud, got "a b"'],
  ['vertex', { authentication: 'none' }, 'authentication must be "token" or "key", got "none"'],
  ['vertex', { accessToken: 'ey' }, 'accessToken must be a function, got "ey"'],
])('%s(%o)', (name, options, message) => {
  expect(() => FACTORIES[name]?.(options)).toThrow(`${name}: ${message}`);
});

test.each<[object, string]>([
  [{ connections: 0 }, 'connections must be a whole number of at least 1, got 0'],
  [{ connectTimeoutMs: 0 }, 'connectTimeoutMs must be a number above 0, got 0'],
  [{ headersTimeoutMs: NaN }, 'headersTimeoutMs must be a number above 0, got NaN'],
  [{ bodyTimeoutMs: -1 }, 'bodyTimeoutMs must be a number above 0, got -1'],
  [{ keepAliveTimeoutMs: 'x' }, 'keepAliveTimeoutMs must be a number above 0, got x'],
  [{ allowH2: 'yes' }, 'allowH2 must be true or false, got "yes"'],
  [{ allowPrivateNetwork: 1 }, 'allowPrivateNetwork must be true or false, got 1'],
])('undiciTransport(%o)', (options, message) => {
  expect(() => undiciTransport(options)).toThrow(`undiciTransport: ${message}`);
});

test('providers without a provider, or with one that is no handler', () => {
  expect(() => providers({})).toThrow('providers: give at least one handler');
  expect(() => providers(null as never)).toThrow('providers: handlers must be an object, got null');
  expect(() => providers({ openai: {} as never })).toThrow('providers: openai must be a handler, got object');
});
