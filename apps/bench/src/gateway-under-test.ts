import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from './processes/child.ts';

export interface GatewayUnderTest {
  readonly url: string;
  readonly child: Child;
  stop(): Promise<void>;
}

/** The gateway in a process of its own, as an operator would start it, with one provider. */
export async function startGateway(config: object, core?: number): Promise<GatewayUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'x-bench-'));
  const file = join(folder, 'gateway.json');
  await writeFile(file, JSON.stringify(config));
  const child = new Child({
    script: new URL('../../gateway/src/cli.ts', import.meta.url),
    args: ['start', '--config', file, '--port', '0'],
    readyWhen: /(http:\/\/(?:127\.0\.0\.1|localhost):\d+)/,
    ...(core === undefined ? {} : { core }),
  });
  const url = await child.ready;
  return {
    url,
    child,
    stop: async () => {
      await child.stop();
      await rm(folder, { recursive: true });
    },
  };
}
