import type { FindModel } from '@x/core';
import { listTargets } from '../assemble/targets.ts';
import type { Config } from '../config.ts';
import { columns } from './columns.ts';

/** Aliases, and the models that the configuration names and nobody knows the price of. */
export function describeModels(config: Config, findModel: FindModel | undefined): string[] {
  const aliases = Object.entries(config.aliases).map(([name, given]) => [name, [given].flat().join(' -> ')]);
  const unpriced = findModel ? listTargets(config).filter((target) => findModel(target)?.price === undefined) : [];
  return [
    ...(aliases.length === 0 ? [] : ['aliases', ...columns(aliases)]),
    ...(unpriced.length === 0 ? [] : ['models without a price', ...columns(unpriced.map(({ id }) => [id]))]),
  ];
}
