import type { Environment } from '@x/config';
import { assemble } from '@x/config';
import { described, type LlmRequest, type LlmResponse, type Middleware } from '@x/core';
import { UNGOVERNED, type GovernanceLayers } from '@x/governance';
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
  const governance = config.governance === undefined ? UNGOVERNED : UNOPENED;
  const handler = gatewayPipeline({ ...assembly, telemetry, governance });
  telemetry.close();
  await assembly.close();
  const origin = { file: `${file} is fine`, environment: 'keys from the environment', demo: 'simulated providers' };
  return [origin[source.kind], '', ...assembly.describe(handler), ''].join('\n');
}

/** Stands for governance where it is only described: it would open its stores. */
const UNOPENED: GovernanceLayers = { identify: () => standFor('identify'), authorize: () => standFor('authorize') };

function standFor(name: string): Middleware<LlmRequest, LlmResponse> {
  return described((next) => next, { name });
}
