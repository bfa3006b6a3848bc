import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Cli } from '../test/support/child.ts';
import { configFile } from '../test/support/files.ts';
import { chunk, upstream, type UpstreamCall } from '../test/support/upstream.ts';
import { RawClient, post } from '../test/support/raw-client.ts';
import { eventually } from '../test/support/gateway.ts';
import { main } from './main.ts';

const CURL = (
  port: number,
) => `curl -X POST http://localhost:${port}/v1/chat/completions -H "Content-Type: application/json" -d '{
  "model": "openai/gpt-4o-mini",
  "messages": [{"role": "user", "content": "Summarize this ticket."}],
  "fallbacks": ["anthropic/claude-3-5-sonnet-20241022", "bedrock/anthropic.claude-3-sonnet-20240229-v1:0"]
}'`;

const SEED = {
  openai: {
    keys: [
      { name: 'openai-primary', value: 'env.OPENAI_KEY_1', weight: 0.7 },
      { name: 'openai-secondary', value: 'env.OPENAI_KEY_2', weight: 0.3 },
    ],
  },
  chains: { 'openai/gpt-4o-mini': ['openai/gpt-4o'] },
};
const KEYS = { OPENAI_KEY_1: 'sk-secret-one-0123456789', OPENAI_KEY_2: 'sk-secret-two-0123456789' };

/** A command that ends by itself, in this process. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let stdout = '';
  let stderr = '';
  const code = await main(args, { env, out: (text) => void (stdout += text), err: (text) => void (stderr += text) });
  return { code, stdout, stderr };
}

describe('start', { timeout: 30_000 }, () => {
  test('without keys: simulated providers, their keys by name, and the curl to paste', async () => {
    const cli = new Cli(['start', '--port', '0']);
    const port = await cli.port();
    expect(cli.stdout).toContain(CURL(port));
    expect(cli.stdout).toMatch(/the providers are simulated, at http:\/\/127\.0\.0\.1:\d+/);
    expect(cli.stdout).toMatch(/openai +keys +openai-1, openai-2/);

    const body = /-d '(.*)'/s.exec(CURL(port))?.[1] ?? '';
    const answer = await fetch(`http://localhost:${port}/v1/chat/completions`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ extra_fields: { provider: 'openai' } });
    const health = (await (await fetch(`http://localhost:${port}/health`)).json()) as { simulator: string };

    // With the first provider out of room, the same request is answered by the next.
    const faults = [{ name: 'status', status: 429, headers: { 'retry-after': '60' }, when: { provider: 'openai' } }];
    await fetch(`${health.simulator}/_simulator/faults`, { method: 'POST', body: JSON.stringify({ faults }) });
    const second = await fetch(`http://localhost:${port}/v1/chat/completions`, { method: 'POST', body });
    expect(await second.json()).toMatchObject({ extra_fields: { provider: 'anthropic' } });
    expect(cli.stderr).toBe('');
  });

  test('with keys in the environment: those providers, and a curl that they can answer', async () => {
    const cli = new Cli(['start', '--port', '0'], {
      OPENAI_API_KEY: 'sk-env-0123456789',
      MISTRAL_API_KEY: 'ms-env-0123456789',
    });
    await cli.port();
    expect(cli.stdout).toContain('Providers whose keys are in the environment:');
    expect(cli.stdout).toMatch(/openai +key +openai-1/);
    expect(cli.stdout).toMatch(/mistral +key +mistral-1/);
    expect(cli.stdout).toContain('"model": "openai/gpt-4o-mini"');
    expect(cli.stdout).not.toContain('fallbacks');
    expect(cli.stdout).not.toMatch(/simulated|env-0123456789/);
  });

  test('with a file: that file alone, and a log line per request', async () => {
    const { url } = await upstream(({ response }) =>
      response.writeHead(401).end('{"error":{"message":"Incorrect API key provided: sk-secret-one-0123456789"}}'),
    );
    const file = configFile({ ...SEED, openai: { ...SEED.openai, baseURL: url, allowPrivateNetwork: true } });
    const cli = new Cli(['start', '--config', file, '--port', '0'], {
      ...KEYS,
      ANTHROPIC_API_KEY: 'sk-other-0123456789',
    });
    const port = await cli.port();
    expect(cli.stdout).toMatch(/openai +keys +openai-primary, openai-secondary/);
    expect(cli.stdout).not.toContain('anthropic');

    const answer = await fetch(`http://localhost:${port}/v1/chat/completions`, {
      method: 'POST',
      body: '{"model":"openai/gpt-4o"}',
    });
    const text = await answer.text();
    expect(answer.status).toBe(401);
    await cli.until(/"msg":"request"/);
    expect(cli.stdout).toContain('"key":"openai-primary","outcome":"authentication"');
    for (const secret of [...Object.values(KEYS), 'sk-secret'])
      expect(cli.stdout + cli.stderr + text).not.toContain(secret);
  });

  test('a port that is taken is an error that names --port', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { code, stderr, stdout } = await run(['start', '--port', String(port)]);
    expect({ code, stderr, stdout }).toEqual({
      code: 1,
      stderr: `x-gateway: port ${port} is taken: give another one with --port N\n`,
      stdout: '',
    });
  });

  test('an address that is not here is an error that names --host', async () => {
    const { code, stderr } = await run(['start', '--port', '0', '--host', '192.0.2.1']);
    expect(code).toBe(1);
    expect(stderr).toContain('--host');
  });

  test('a missing variable is named, its file and line too', async () => {
    const file = configFile(JSON.stringify(SEED, null, 2));
    const { code, stderr } = await run(['start', '--config', file], { OPENAI_KEY_1: 'sk-secret-one-0123456789' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/gateway\.json:\d+:\d+: .*OPENAI_KEY_2/);
    expect(stderr).not.toContain('sk-secret');
  });
});

describe('stopping', { timeout: 30_000 }, () => {
  /** A gateway in the middle of a stream whose end is in the test's hands. */
  async function streaming() {
    const calls: UpstreamCall[] = [];
    const { url } = await upstream((call) => calls.push(call));
    const file = configFile({
      providers: { openai: { baseURL: url, allowPrivateNetwork: true, keys: [{ value: 'sk-x' }] } },
    });
    const cli = new Cli(['start', '--config', file, '--port', '0']);
    const port = await cli.port();
    const caller = new RawClient(port);
    onTestFinished(() => caller.leave());
    caller.send(post('/v1/chat/completions', '{"model":"openai/m","stream":true}'));
    await eventually(() => calls.length === 1);
    const response = (calls[0] as UpstreamCall).response;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk('before'));
    await caller.until('before');
    return { cli, caller, response, port };
  }

  test('SIGTERM lets a stream end, and exits with 0', async () => {
    const { cli, caller, response, port } = await streaming();
    cli.signal('SIGTERM');
    await cli.until(/"msg":"stopping"/);
    const late = new RawClient(port);
    await late.closed;
    response.end(`${chunk('after')}${chunk('', 'stop')}data: [DONE]\n\n`);
    const { body, complete } = await caller.response();
    expect(body).toContain('after');
    expect(body).toContain('[DONE]');
    expect(complete).toBe(true);
    expect(await cli.exit).toBe(0);
    expect(cli.stdout).toContain('"cut":0');
    expect(cli.stderr).toBe('');
  });

  test('a second signal exits at once', async () => {
    const { cli } = await streaming();
    cli.signal('SIGTERM');
    await cli.until(/"msg":"stopping"/);
    while (!cli.exited) {
      cli.signal('SIGTERM');
      await eventually(() => true);
    }
    expect(await cli.exit).toBe(143);
  });

  test('SIGINT with nothing to do exits with 0 at once, simulator included', async () => {
    const cli = new Cli(['start', '--port', '0']);
    await cli.port();
    cli.signal('SIGINT');
    expect(await cli.exit).toBe(0);
  });
});

describe('other commands', () => {
  test('check prints the effective pipeline, keys by name', async () => {
    const { code, stdout, stderr } = await run(['check', '--config', configFile(SEED)], KEYS);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/openai-primary \(70 %, env\.OPENAI_KEY_1\), openai-secondary \(30 %, env\.OPENAI_KEY_2\)/);
    expect(stdout).toMatch(/1\. +openai\/gpt-4o-mini [^]*2\. +openai\/gpt-4o /);
    expect(stdout).toMatch(/route[^]*fallback[^]*backoff[^]*keypool[^]*provider/);
    expect(stdout).not.toContain('sk-secret');
  });

  test('check names what is wrong with a configuration', async () => {
    const { code, stderr } = await run(['check', '--config', configFile({ ...SEED, fallbck: {} })], KEYS);
    expect(code).toBe(1);
    expect(stderr).toContain('fallbck: unknown member; did you mean "fallback"?');
  });

  test('check without a file tells of the simulated providers', async () => {
    const { code, stdout } = await run(['check']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^simulated providers\n/);
  });

  test('check shows aliases, and models that nobody knows the price of', async () => {
    const file = configFile({ ...SEED, aliases: { fast: ['openai/gpt-4o-mini', 'openai/gpt-next'] } });
    const { stdout } = await run(['check', '--config', file], KEYS);
    expect(stdout).toMatch(/aliases\n {2}fast {2}openai\/gpt-4o-mini -> openai\/gpt-next\n/);
    expect(stdout).toMatch(/models without a price\n {2}openai\/gpt-next\n/);
  });

  test('prices fetches, checks and writes newer prices, and leaves a file alone that would be worse after', async () => {
    const model = { id: 'gpt-9', match: { equals: 'gpt-9' }, prices: { input_mtok: 9, output_mtok: 9 } };
    const good = JSON.stringify([{ id: 'openai', name: 'OpenAI', models: [model] }]);
    const bodies: Readonly<Record<string, string>> = { '/good': good, '/bad': '[{}]' };
    const site = createHttpServer(({ url = '' }, response) =>
      response.writeHead(bodies[url] ? 200 : 404).end(bodies[url]),
    );
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void site.close());
    const from = `http://127.0.0.1:${(site.address() as { port: number }).port}`;
    const out = configFile('', 'prices.json');

    expect(await run(['prices', '--out', out, '--from', `${from}/good`])).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(out, 'utf8')).toBe(good);
    for (const [path, message] of [
      ['/bad', 'cannot be used: price data: [0].id must be text'],
      ['/none', 'cannot be read: it answers with 404'],
    ] as const) {
      const { code, stderr } = await run(['prices', '--out', out, '--from', from + path]);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }
    expect(readFileSync(out, 'utf8')).toBe(good);
    const { stdout } = await run(['check', '--config', configFile({ ...SEED, catalog: { file: out } })], KEYS);
    expect(stdout).toContain('models without a price\n  openai/gpt-4o\n  openai/gpt-4o-mini\n');
  });

  test('schema prints a JSON schema', async () => {
    const { stdout } = await run(['schema']);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });

  test.for([
    [['strat'], 'unknown command "strat": there are start, check, schema, prices and keys'],
    [['start', '--prot', '1'], 'Unknown option `--prot`'],
    [['start', '--port', 'many'], '--port must be a number from 0 to 65535'],
    [['start', '--port', '65536'], '--port must be a number from 0 to 65535'],
    [['start', '--config'], 'option `--config <file>` value is missing'],
    [['prices'], '--out <file> is needed'],
    [['prices', '--out', 'x.json', '--from', 'nowhere'], '--from must be an http or https URL'],
    [['check', '--config', 'nowhere.json'], 'nowhere.json: the file cannot be read: there is none'],
  ] as const)('%o is refused', async ([args, message]) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
