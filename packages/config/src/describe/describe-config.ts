import { describe, type FindModel } from '@x/core';
import type { Config } from '../config.ts';
import { describeChains } from './chains.ts';
import { columns } from './columns.ts';
import { describeGovernance } from './governance.ts';
import { describeKeys } from './keys.ts';
import { describeLayers } from './layers.ts';
import { describeModels } from './models.ts';
import { pipelineProblems } from './order-rules.ts';

/**
 * The effective configuration, and the pipeline if there is one, as lines of text, for people. Names of keys, never their values.
 */
export function describeConfig(config: Config, handler: unknown, findModel?: FindModel): string[] {
  const providers = Object.entries(config.providers).map(([name, { type, baseURL, keys }]) => [
    name,
    type,
    baseURL,
    describeKeys(keys),
  ]);
  return [
    'providers',
    ...columns(providers),
    'chains, targets in turn',
    ...describeChains(config),
    ...describeModels(config, findModel),
    ...describeGovernance(config),
    ...(handler === undefined ? [] : describePipeline(config, handler)),
  ];
}

function describePipeline(config: Config, handler: unknown): string[] {
  const problems = pipelineProblems(handler);
  return [
    'pipeline, outermost first',
    ...describeLayers(describe(handler), config),
    ...(problems.length === 0 ? [] : ['what cannot work', ...problems.map((problem) => `  ${problem}`)]),
  ];
}
