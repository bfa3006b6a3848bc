import { readFileSync } from 'node:fs';
import { cac, type CAC } from 'cac';
import { ConfigError, configJsonSchema } from '@x/config';
import { check } from './cli/check.ts';
import { readOptions, UsageError } from './cli/options.ts';
import { start } from './cli/start.ts';

/** Runs one command; `args` are what follows the program's name. A failure is told on standard error and sets the exit code. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    await createCli().run(args);
  } catch (error) {
    process.stderr.write(`x-gateway: ${describe(error)}\n`);
    process.exitCode = 1;
  }
}

function createCli(): { run(args: readonly string[]): Promise<void> } {
  const cli = cac('x-gateway');
  const print = (text: string) => void process.stdout.write(`${text}\n`);
  const { env } = process;
  cli
    .command('start', 'Run the gateway')
    .option('--config <file>', 'Configuration, JSON or YAML. Default: keys in the environment, else simulated providers')
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
  cli.help().version(version());
  return { run: (args) => runCommand(cli, args) };
}

async function runCommand(cli: CAC, args: readonly string[]): Promise<void> {
  const { options } = cli.parse(['node', 'x-gateway', ...args], { run: false });
  if (options['help'] || options['version']) return;
  if (cli.matchedCommand === undefined) {
    const [command] = cli.args;
    if (command !== undefined) throw new UsageError(`unknown command "${command}": there are start, check and schema`);
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
