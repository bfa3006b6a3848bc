import { readFileSync } from 'node:fs';
import { cac, type CAC } from 'cac';
import { ConfigError, configJsonSchema, type Environment } from '@x/config';
import { check } from './cli/check.ts';
import { readKeysOptions } from './cli/keys/keys-options.ts';
import { keys } from './cli/keys/keys.ts';
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
  cli
    .command('keys <action> [id]', 'Virtual keys: create, list, revoke <id>, usage [id]')
    .option('--url <url>', 'A gateway that runs; its token is in the environment variable ADMIN_TOKEN')
    .option('--config <file>', 'Or a configuration, whose store is then opened')
    .option('--name <text>', 'create: what people know the key by')
    .option('--team <id>', 'create, list, usage: of a team')
    .option('--customer <id>', 'create, list, usage: of a customer')
    .option('--budget <usd/period>', 'create: money that it may spend, such as 10/month')
    .option('--rpm <number>', 'create: requests per minute')
    .option('--tpm <number>', 'create: tokens per minute')
    .option('--expires <date>', 'create: when it ends. Default: never')
    .option('--from <date>', 'usage: from when on. Default: 30 days ago')
    .option('--to <date>', 'usage: before when. Default: now')
    .option(
      '--by <names>',
      'usage: what to tell apart: virtualKey, team, customer, provider, model. Default: virtualKey',
    )
    .option('--json', 'Print the answer as JSON')
    .action(async (action: string, id: string | undefined, options: unknown) =>
      print(await keys({ action, id }, readKeysOptions(options), env)),
    );
  return cli.help().version(version());
}

async function runCommand(cli: CAC, args: readonly string[]): Promise<void> {
  const { options } = cli.parse(['node', 'x-gateway', ...args], { run: false });
  if (options['help'] || options['version']) return;
  if (cli.matchedCommand === undefined) {
    const [command] = cli.args;
    if (command !== undefined)
      throw new UsageError(`unknown command "${command}": there are start, check, schema, prices and keys`);
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
