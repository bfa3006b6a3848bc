import { once } from 'node:events';
import { createSimulator } from '../simulator.ts';
import { readArguments, USAGE } from './arguments.ts';
import { describeFleet } from './describe-fleet.ts';
import { loadConfig } from './load-config.ts';

/** Listens until SIGTERM or SIGINT. Resolves with the exit code. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    const options = readArguments(args);
    if (options.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const config = loadConfig(options);
    const server = await createSimulator(config).listen({ port: options.port, host: options.host });
    process.stdout.write(describeFleet(server.url, config));
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
    await server.close();
    return 0;
  } catch (error) {
    process.stderr.write(`x-simulator: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}
