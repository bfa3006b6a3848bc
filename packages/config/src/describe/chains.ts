import { parseTarget } from '@x/core';
import type { Config } from '../config.ts';
import { columns } from './columns.ts';
import { describeKeysFor } from './keys.ts';

/** Every chain with its policies, and each of its targets with the keys it may be called with and the time it has. */
export function describeChains(config: Config): string[] {
  const chains = Object.entries(config.chains);
  return [
    ...chains.flatMap(([primary, fallbacks]) => [
      `  ${primary}: ${policiesOf(primary, config).join(', ')}`,
      ...columns([primary, ...fallbacks].map((target, index, all) => rowOf(target, { index, all, config }))).map(
        (line) => `  ${line}`,
      ),
    ]),
    chains.length === 0
      ? '  none: a model is asked alone, unless its request brings fallbacks'
      : '  any other model is asked alone, unless its request brings fallbacks',
  ];
}

function policiesOf(primary: string, { server, streams, fallback }: Config): string[] {
  const { resume = streams.resume, hold = streams.hold } = streams.routes[primary] ?? {};
  const moveOnAfter = fallback.moveOnAfterByModel[primary] ?? fallback.moveOnAfter;
  return [
    `${server.timeoutMs} ms in all`,
    `a broken stream is ${resume === 'auto' ? 'taken up' : 'not taken up'}`,
    ...(hold === 'complete' ? ['handed on when it is complete'] : []),
    ...(moveOnAfter.length > 0 ? [`moves on after ${moveOnAfter.join(' and ')}`] : []),
  ];
}

interface Place {
  readonly index: number;
  readonly all: readonly string[];
  readonly config: Config;
}

function rowOf(target: string, { index, all, config }: Place): string[] {
  const { provider, model } = parseTarget(target, 'chains');
  const { fallback, streams } = config;
  const isLast = index === all.length - 1;
  const waits =
    index === 0 && !isLast ? `waits ${fallback.patienceMs} ms for room` : 'does not wait while others have room';
  const silence =
    isLast || streams.firstTokenMs === false
      ? 'has all the time that is left'
      : `begins within ${streams.firstTokenMs} ms`;
  const keys = describeKeysFor(model, config.providers[provider]?.keys ?? []);
  return [`${index + 1}.`, target, keys, `${isLast && index === 0 ? 'waits for room' : waits}, ${silence}`];
}
