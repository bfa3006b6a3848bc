import { readFileSync } from 'node:fs';
import { demoFleet } from '../demo-fleet.ts';
import type { SimulatorConfig } from '../options.ts';
import type { CliOptions } from './arguments.ts';

/** The configuration as the file has it; what it means is checked by the simulator. */
export function loadConfig({ config: file, seed }: Pick<CliOptions, 'config' | 'seed'>): SimulatorConfig {
  if (file === undefined) return demoFleet({ seed });
  const text = readFileSync(file, 'utf8');
  let config: SimulatorConfig;
  try {
    config = JSON.parse(text) as SimulatorConfig;
  } catch (error) {
    throw new TypeError(`${file} is not valid JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return seed === undefined ? config : { ...config, seed };
}
