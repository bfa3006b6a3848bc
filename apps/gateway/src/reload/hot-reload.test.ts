import { renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { pino } from 'pino';
import type { Config } from '@x/config';
import { VirtualClock } from '@x/core/testing';
import { Cli } from '../../test/support/child.ts';
import { configFile } from '../../test/support/files.ts';
import { eventually } from '../../test/support/gateway.ts';
import { upstream } from '../../test/support/upstream.ts';
import { hotReload } from './hot-reload.ts';

const config = (port: number) => JSON.stringify({ openai: { keys: [{ value: 'sk-x' }] }, server: { port } }, null, 2);

/** A file that is watched, with the time in the test's hands. */
async function watched(file = configFile(config(1))) {
  const clock = new VirtualClock();
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line) as never) });
  const ports: number[] = [];
  const reload = ({ server }: Config) => {
    ports.push(server.port);
    return server.port === 4 ? ['server.port'] : [];
  };
  onTestFinished(await hotReload(file, { env: {}, clock, logger, reload }));
  /** Until the change has been seen, and has been quiet for long enough. */
  const settled = async (condition: () => boolean) => {
    while (!condition()) {
      await eventually(() => true);
      await clock.run(clock.sleep(10));
    }
  };
  return { file, lines, ports, settled };
}

describe('a configuration file that changes', () => {
  test('is taken over, however it is written', async () => {
    const { file, ports, lines, settled } = await watched();
    writeFileSync(file, config(2));
    await settled(() => ports.length === 1);
    // As editors do.
    writeFileSync(`${file}.new`, config(3));
    renameSync(`${file}.new`, file);
    await settled(() => ports.length === 2);
    expect(ports).toEqual([2, 3]);
    writeFileSync(file, config(4));
    await settled(() => lines.length === 4);
    expect(lines.map(({ msg }) => msg)).toEqual([
      'configuration reloaded',
      'configuration reloaded',
      'configuration reloaded',
      'only a restart brings these changes',
    ]);
  });

  test('and cannot be used is told of with its lines, and the next one is taken', async () => {
    const { file, ports, lines, settled } = await watched();
    writeFileSync(file, '{\n  "openai": {},\n  "sever": {}\n}');
    await settled(() => lines.length === 1);
    expect(lines[0]).toMatchObject({ msg: 'the configuration cannot be used, the one before stays' });
    expect(lines[0]?.['problems']).toContainEqual(expect.stringMatching(/gateway\.json:3:3: sever: unknown member/));
    rmSync(file);
    await settled(() => lines.length === 2);
    expect(lines[1]?.['problems']).toEqual([expect.stringContaining('there is none')]);
    writeFileSync(file, config(5));
    await settled(() => ports.length === 1);
    expect(ports).toEqual([5]);
  });

  test('behind a link that is swapped, as Kubernetes does', async () => {
    const folder = dirname(configFile(''));
    writeFileSync(join(folder, 'one.json'), config(1));
    writeFileSync(join(folder, 'two.json'), config(2));
    symlinkSync('one.json', join(folder, '..data'));
    symlinkSync('..data', join(folder, 'link.json'));
    const { ports, settled } = await watched(join(folder, 'link.json'));
    symlinkSync('two.json', join(folder, '..data_tmp'));
    renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    await settled(() => ports.length === 1);
    expect(ports).toEqual([2]);
  });
});

test(
  'a gateway that runs serves by the changed file, and goes on through a broken one',
  { timeout: 30_000 },
  async () => {
    const answering = (name: string) =>
      upstream(({ response }) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ choices: [{ message: { role: 'assistant', content: name }, finish_reason: 'stop' }] })),
      );
    const [one, two] = [await answering('one'), await answering('two')];
    const text = (baseURL: string) =>
      JSON.stringify({ openai: { baseURL, allowPrivateNetwork: true, keys: [{ value: 'sk-x' }] } });
    const file = configFile(text(one.url));
    const cli = new Cli(['start', '--config', file, '--port', '0']);
    const port = await cli.port();
    const ask = async () => {
      const body = '{"model":"openai/m","messages":[]}';
      return (await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, { method: 'POST', body })).text();
    };
    expect(await ask()).toContain('"one"');
    writeFileSync(file, text(two.url));
    await cli.until(/configuration reloaded/);
    expect(await ask()).toContain('"two"');
    writeFileSync(file, '{"openai": {"keyz": []}}');
    await cli.until(/the configuration cannot be used, the one before stays/);
    expect(cli.stdout).toMatch(/gateway\.json:1:13: openai\.keyz: unknown member/);
    expect(await ask()).toContain('"two"');
    cli.signal('SIGTERM');
    expect(await cli.exit).toBe(0);
  },
);
