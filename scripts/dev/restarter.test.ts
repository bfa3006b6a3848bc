import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readArguments } from './arguments.ts';
import { Restarter } from './restarter.ts';

/** Says which text it was started with, and lives until it is told to end. Its text is code. */
const PROGRAM = `
const { readFileSync } = require('node:fs');
const text = readFileSync(process.argv[1], 'utf8');
process.stdout.write(text + '\\n');
if (text === 'broken') process.exit(3);
if (text === 'deaf') process.on('SIGTERM', () => undefined);
setInterval(() => undefined, 1_000);
`;

let folder: string;
let restarter: Restarter | undefined;
let lines: string[];
let wake: () => void;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'x-dev-')));
  mkdirSync(join(folder, 'src'));
  lines = [];
  wake = () => undefined;
});
afterEach(async () => {
  await restarter?.close();
  rmSync(folder, { recursive: true, force: true });
});

function add(line: string): void {
  lines.push(line);
  wake();
}

/** Resolves when a line has come that has not been asked for before. */
async function line(wanted: RegExp): Promise<string> {
  for (;;) {
    const index = lines.findIndex((text) => wanted.test(text));
    if (index >= 0) return lines.splice(0, index + 1).at(-1) ?? '';
    await new Promise<void>((resolve) => (wake = resolve));
  }
}

function run(): void {
  const file = join(folder, 'src/text');
  restarter = new Restarter({
    start: () => {
      const child = spawn(process.execPath, ['-e', PROGRAM, file], { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.on('data', (chunk: Buffer) => add(`started: ${chunk.toString().trim()}`));
      return child;
    },
    trees: [join(folder, 'src')],
    folders: [folder],
    matters: (path) => !path.endsWith('.test.ts'),
    log: add,
  });
}

const save = (text: string, file = 'text') => writeFileSync(join(folder, 'src', file), text);

test('starts anew on each change that matters, and only then', async () => {
  save('one');
  run();
  await line(/^started: one$/);
  save('ignored', 'some.test.ts');
  save('two');
  expect(await line(/has changed/)).toBe(`${join(folder, 'src/text')} has changed: starting anew`);
  await line(/^started: two$/);
  save('new', 'other.ts');
  expect(await line(/has changed/)).toContain('other.ts has changed');
  await line(/^started: two$/);
  writeFileSync(join(folder, 'gateway.json'), '{}');
  expect(await line(/has changed/)).toContain('gateway.json has changed');
  await line(/^started: two$/);
});

test('what has ended by itself is waited for, and what does not want to end is ended', async () => {
  save('broken');
  run();
  await line(/^ended with 3: waiting for a change$/);
  save('deaf');
  await line(/^started: deaf$/);
  save('well');
  await line(/^started: well$/);
});

test('any port is settled once, and paths are whole', async () => {
  const { args, config } = await readArguments(['--port', '0', '--config', 'gateway.yaml']);
  const file = join(process.cwd(), 'gateway.yaml');
  expect(args).toEqual(['--config', file, '--port', expect.stringMatching(/^[1-9]\d+$/)]);
  expect(config).toEqual({ file, folder: process.cwd() });
  expect(await readArguments([])).toEqual({ args: [], config: undefined });
});
