import { openState, type Config, type Environment, type State } from '@x/config';
import type { Logger } from 'pino';
import { systemClock } from '@x/core';
import { banner } from '../banner.ts';
import { startDemo, type Demo } from '../demo.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import { createLog, diagnoseTo } from '../log.ts';
import { hotReload } from '../reload/hot-reload.ts';
import { onStopSignal } from '../signals.ts';
import { UsageError, type CliOptions } from './options.ts';
import { stop } from './stop.ts';
import { findConfig, type Sourced } from './source.ts';

export interface Surroundings {
  readonly env: Environment;
  readonly print: (text: string) => void;
}

/** Starts the gateway and says so. Resolves when it listens; a signal ends the process. */
export async function start(options: CliOptions, { env, print }: Surroundings): Promise<void> {
  const found = await findConfig(options.config, env);
  const demo = found === undefined ? await startDemo() : undefined;
  try {
    await run(found ?? sourceOf(demo as Demo), { options, demo, env, print });
  } catch (error) {
    await demo?.close();
    throw error;
  }
}

function sourceOf({ config, url }: Demo): Sourced {
  return { config, source: { kind: 'demo', url } };
}

interface Run {
  readonly options: CliOptions;
  readonly demo: Demo | undefined;
  readonly env: Environment;
  readonly print: Surroundings['print'];
}

async function run({ config, source }: Sourced, { options, demo, env, print }: Run): Promise<void> {
  const log = createLog(config.log.level);
  diagnoseTo(log.logger);
  const state = await openGovernance(config, log.logger);
  const gateway = createGateway(config, { logger: log.logger, state, health: demo ? { simulator: demo.url } : {} });
  const host = options.host ?? config.server.host;
  const port = await listen(gateway, options.port ?? config.server.port, host);
  const { reload } = gateway;
  const unwatch =
    source.kind === 'file'
      ? await hotReload(source.file, { env, clock: systemClock, logger: log.logger, reload })
      : () => undefined;
  onStopSignal({
    clock: systemClock,
    async stop(signal) {
      unwatch();
      await stop(signal, { gateway, state, demo, log });
    },
  });
  print(banner({ url: urlOf(host, port), config, source, targets: gateway.targets }));
}

/** @throws UsageError for a store that cannot be opened */
async function openGovernance(config: Config, logger: Logger): Promise<State | undefined> {
  const onTrouble = (what: string, error: unknown) => logger.warn({ err: error }, what);
  try {
    return await openState(config, { clock: systemClock, onTrouble });
  } catch (cause) {
    throw new UsageError(`the state cannot be opened: ${(cause as Error).message}`, { cause });
  }
}

async function listen(gateway: Gateway, port: number, host: string): Promise<number> {
  try {
    return await gateway.listen(port, host);
  } catch (error) {
    await gateway.close();
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw new UsageError(`port ${port} is taken: give another one with --port N`);
    if (code === 'EACCES')
      throw new UsageError(`listening on port ${port} is not permitted: give one above 1023 with --port N`);
    if (code === 'ENOTFOUND' || code === 'EADDRNOTAVAIL') {
      throw new UsageError(
        `${host} is no address of this machine: give one with --host H, such as 127.0.0.1 or 0.0.0.0`,
      );
    }
    throw error;
  }
}

/** As one would type it: the loopback addresses are `localhost`. */
function urlOf(host: string, port: number): string {
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(host);
  return `http://${local ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
}
