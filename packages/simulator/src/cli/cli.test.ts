import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';

const CLI = new URL('../cli.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'x-simulator-'));
const children: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=@x/source', CLI, ...args]);
  children.push(child);
  child.stdout.setEncoding('utf8');
  child.stderr.setEncoding('utf8');
  return child;
}

async function finish(child: ChildProcessWithoutNullStreams) {
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: string) => (out += text));
  child.stderr.on('data', (text: string) => (err += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test.each(['SIGTERM', 'SIGINT'] as const)('prints its URLs and keys, answers, and closes on %s', async (signal) => {
  const child = start();
  const [printed] = (await once(child.stdout, 'data')) as [string];
  const url = /listens on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(printed)?.[1] ?? '';
  expect(printed).toContain(`${url}/openai/v1  sim-openai-1 sim-openai-2`);
  expect(printed).toContain(`${url}/bedrock/v1  sim-bedrock-1`);
  const response = await fetch(`${url}/openai/v1/models`, { headers: { authorization: 'Bearer sim-openai-1' } });
  expect(response.status).toBe(200);
  child.kill(signal);
  expect(await finish(child)).toMatchObject({ code: 0, err: '' });
});

test('takes a configuration from a file', async () => {
  const child = start('--config', file('good.json', '{"providers":{"mine":{"keys":["k1"]}}}'));
  const [printed] = (await once(child.stdout, 'data')) as [string];
  expect(printed).toMatch(/\/mine\/v1 {2}k1\n/);
});

test('explains itself', async () => {
  const { code, out } = await finish(start('--help'));
  expect(code).toBe(0);
  expect(out).toContain('Usage: x-simulator [--config FILE]');
});

test.each([
  [['--port', 'many'], '--port must be a whole number, got "many"'],
  [['--port', '99999'], '--port must be at most 65535'],
  [['--confg', 'x'], '--confg'],
  [['--config', join(folder, 'missing.json')], 'missing.json'],
  [['--config', file('broken.json', '{')], 'broken.json is not valid JSON'],
  [['--config', file('wrong.json', '{"providers":{"openai":{"limits":{"rpm":0}}}}')], 'providers.openai.limits.rpm'],
])('%j fails with one line that names the mistake', async (args, message) => {
  const { code, err } = await finish(start(...args));
  expect(code).toBe(1);
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('cleans up', () => {
  rmSync(folder, { recursive: true });
});
