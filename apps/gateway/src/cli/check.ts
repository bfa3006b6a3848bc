import type { Environment } from '@x/config';
import { assemble } from '@x/config';
import { createTelemetry } from '@x/telemetry';
import { demoConfig } from '../demo.ts';
import { gatewayPipeline } from '../pipeline.ts';
import type { CliOptions } from './options.ts';
import { findConfig } from './source.ts';

/** The effective pipeline as text: providers with their keys by name, chains, layers. Throws what is wrong with it. */
export async function check({ config: file }: CliOptions, env: Environment): Promise<string> {
  const { config, source } = (await findConfig(file, env)) ?? {
    config: demoConfig(),
    source: { kind: 'demo' } as const,
  };
  const assembly = assemble(config);
  const telemetry = createTelemetry();
  const handler = gatewayPipeline({ ...assembly, telemetry });
  telemetry.close();
  await assembly.close();
  const origin = { file: `${file} is fine`, environment: 'keys from the environment', demo: 'simulated providers' };
  return [origin[source.kind], '', ...assembly.describe(handler), ''].join('\n');
}
