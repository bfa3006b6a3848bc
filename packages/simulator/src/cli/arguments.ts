import { parseArgs } from 'node:util';
import { LISTEN_DEFAULTS } from '../options.ts';

export const USAGE = `Usage: x-simulator [--config FILE] [--port N] [--host HOST] [--seed N]

Simulates LLM providers with real rate limits over HTTP.

  --config FILE  JSON configuration; without it, the demo fleet
  --port N       where to listen; without it, or with 0, a free port
  --host HOST    where to listen (default ${LISTEN_DEFAULTS.host})
  --seed N       overrides the configuration's seed: the same seed gives the same run
`;

export interface CliOptions {
  readonly help: boolean;
  readonly config: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly seed: number | undefined;
}

/** @throws TypeError that names the option */
export function readArguments(args: readonly string[]): CliOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      config: { type: 'string' },
      port: { type: 'string', default: String(LISTEN_DEFAULTS.port) },
      host: { type: 'string', default: LISTEN_DEFAULTS.host },
      seed: { type: 'string' },
    },
  });
  const { help, config, host } = values;
  const port = wholeNumber('port', values.port);
  if (port > 65_535) throw new RangeError(`--port must be at most 65535, got ${port}`);
  const seed = values.seed === undefined ? undefined : wholeNumber('seed', values.seed);
  return { help, config, port, host, seed };
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new TypeError(`--${name} must be a whole number, got "${text}"`);
  return Number(text);
}
