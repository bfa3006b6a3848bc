import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configFile } from '../../../test/support/files.ts';
import { governed } from '../../../test/support/governed.ts';
import { main } from '../../main.ts';

/** A command in this process. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  let stdout = '';
  let stderr = '';
  const code = await main(['keys', ...args], {
    env,
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
  });
  return { code, stdout, stderr };
}

const TOKEN = { ADMIN_TOKEN: 'operators-only' };
const messages = [{ role: 'user' as const, content: 'Hi' }];

async function running() {
  const gateway = await governed({}, { server: { adminToken: TOKEN.ADMIN_TOKEN } });
  return { ...gateway, keys: (...args: string[]) => run([...args, '--url', gateway.url], TOKEN) };
}

describe('through a gateway that runs', () => {
  test('a key is made, used, listed, billed and revoked', async () => {
    const { keys, openai, url } = await running();
    const made = await keys('create', 'app', '--name', 'App', '--budget', '10/month', '--rpm', '5');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^xk-[\w-]{32}\n\nThis is the key of app, and it is shown this once\.\n\(through http/);
    const [key = ''] = made.stdout.split('\n');
    const { response } = await openai(key)
      .chat.completions.create({ model: 'openai/gpt-4o-mini', messages })
      .withResponse();
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('5');

    const list = await keys('list');
    expect(list.stdout).toMatch(/^id {3}key {7}status {2}team {2}customer {2}owner {2}name\napp {2}xk-\S{5} {2}active/);
    expect(list.stdout).toContain(`(through ${url})`);
    expect(list.stdout).not.toContain(key);
    expect((await keys('usage', '--by', 'virtualKey,model')).stdout).toMatch(
      /\napp +gpt-4o-mini +1 +\d+ +\d+ +0\.0\d+\n/,
    );
    expect(JSON.parse((await keys('usage', 'app', '--json')).stdout)).toMatchObject({ data: [{ requests: 1 }] });

    expect((await keys('revoke', 'app')).stdout).toContain('app is revoked');
    expect((await keys('list')).stdout).toContain('revoked');
  });

  test('what the gateway refuses is said in its words', async () => {
    const { keys, url } = await running();
    expect((await keys('revoke', 'nobody')).stderr).toBe('x-gateway: there is no virtual-key "nobody"\n');
    const wrong = await run(['list', '--url', url], { ADMIN_TOKEN: 'wrong' });
    expect([wrong.code, wrong.stderr]).toEqual([1, 'x-gateway: the admin token is not the right one\n']);
    const nobody = await run(['list', '--url', 'http://127.0.0.1:1'], TOKEN);
    expect(nobody.stderr).toBe('x-gateway: no gateway answers at http://127.0.0.1:1\n');
  });
});

describe('in the store of a configuration', () => {
  const config = { openai: { keys: [{ value: 'sk-x' }] }, governance: {} };

  test('a key is made, and is there the next time', async () => {
    const file = configFile(config);
    const made = await run(['create', '--config', file, '--name', 'App', '--json']);
    const { id, key } = JSON.parse(made.stdout) as { id: string; key: string };
    expect(key).toMatch(/^xk-/);
    const { stdout } = await run(['list', '--config', file]);
    expect(stdout).toContain(id);
    expect(stdout).toContain(`(in ${join(dirname(file), 'gateway.db')})`);
    expect((await run(['revoke', id, '--config', file])).code).toBe(0);
    expect((await run(['list', '--config', file, '--json'])).stdout).toContain('"status": "revoked"');
    expect((await run(['usage', '--config', file])).stdout).toContain('requests');
  });

  test('where there is none, that is said', async () => {
    const none = configFile({ openai: config.openai });
    expect((await run(['list', '--config', none])).stderr).toContain('has no section "governance"');
    const memory = configFile({ ...config, store: { durable: { type: 'sqlite', path: ':memory:' } } });
    expect((await run(['list', '--config', memory])).stderr).toContain('give --url');
  });
});

test.for([
  [['forge'], 'unknown action "forge": there are create, list, revoke, usage'],
  [['list'], 'give --url of a gateway that runs'],
  [['list', '--url', 'http://x', '--config', 'y'], 'give --url of a gateway that runs'],
  [['list', '--url', 'nowhere'], '--url must be an http or https URL'],
  [['list', '--url', 'http://127.0.0.1:1'], 'ADMIN_TOKEN'],
  [['create', '--url', 'http://127.0.0.1:1', '--budget', 'much'], '--budget must be USD and a period'],
  [['create', '--url', 'http://127.0.0.1:1', '--expires', 'soon'], '--expires must be a date'],
] as const)('%j is refused', async ([args, message]) => {
  const { code, stderr } = await run(args);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});

test.for([
  [['create'], '--name <text> is needed'],
  [['revoke'], 'the id of the key is needed'],
] as const)('%j is not enough', async ([args, message]) => {
  const { stderr } = await run([...args, '--url', 'http://127.0.0.1:1'], TOKEN);
  expect(stderr).toContain(message);
});
