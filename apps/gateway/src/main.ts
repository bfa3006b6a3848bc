import { readFileSync } from 'node:fs';
import { cac, type CAC } from 'cac';
import { ConfigError, configJsonSchema, type Environment } from '@x/config';
import { check } from './cli/check.ts';
import { readOptions, readPricesOptions, UsageError } from './cli/options.ts';
import { fetchPrices } from './cli/prices.ts';
import { start } from './cli/start.ts';

/** Where a command reads its surroundings, and where it writes. */
export interface Io {
  readonly env: Environment;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const PROCESS: Io = {
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** Runs one command; `args` are what follows the program's name. Resolves to the exit code. */
export async function main(args: readonly string[], io: Io = PROCESS): Promise<number> {
  try {
    await runCommand(createCli(io), args);
    return 0;
  } catch (error) {
    io.err(`x-gateway: ${describe(error)}\n`);
    return 1;
  }
}

function createCli({ env, out }: Io): CAC {
  const cli = cac('x-gateway');
  const print = (text: string) => out(`${text}\n`);
  cli
    .command('start', 'Run the gateway')
    .option(
      '--config <file>',
      'Configuration, JSON or YAML. Default: keys in the environment, else simulated providers',
    )
    .option('--port <number>', 'Port to listen on. Default: 8080, or the one of the configuration')
    .option('--host <address>', 'Address to listen on. Default: 127.0.0.1, or the one of the configuration')
    .action((options: unknown) => start(readOptions(options), { env, print }));
  cli
    .command('check', 'Print the effective pipeline, or what is wrong with the configuration')
    .option('--config <file>', 'Configuration, JSON or YAML')
    .action(async (options: unknown) => print(await check(readOptions(options), env)));
  cli
    .command('schema', 'Print the JSON schema of the configuration')
    .action(() => print(JSON.stringify(configJsonSchema(), null, 2)));
  cli
    .command('prices', 'Fetch the newest prices of models into a file, for catalog.file')
    .option('--out <file>', 'File to write')
    .option('--from <url>', 'Where they are. Default: where the price data is published')
    .action(async (options: unknown) => print(await fetchPrices(readPricesOptions(options))));
  return cli.help().version(version());
}

async function runCommand(cli: CAC, args: readonly string[]): Promise<void> {
  const { options } = cli.parse(['node', 'x-gateway', ...args], { run: false });
  if (options['help'] || options['version']) return;
  if (cli.matchedCommand === undefined) {
    const [command] = cli.args;
    if (command !== undefined)
      throw new UsageError(`unknown command "${command}": there are start, check, schema and prices`);
    cli.outputHelp();
    return;
  }
  await cli.runMatchedCommand();
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

function describe(error: unknown): string {
  if (ConfigError.isInstance(error)) return `the configuration cannot be used\n${error.message}`;
  if (!(error instanceof Error)) return String(error);
  const expected = error instanceof UsageError || error.name === 'CACError';
  return expected ? error.message : (error.stack ?? error.message);
}
