import { readFileSync } from 'node:fs';
import { assemble, configFromObject, pipelineProblems } from '@x/config';
import { describe as describePipeline } from '@x/core';
import { UNGOVERNED } from '@x/governance';
import { createTelemetry } from '@x/telemetry';
import { expect, test } from 'vitest';
import { gatewayPipeline } from './pipeline.ts';

const ORDER = [
  'telemetry.request',
  'identify',
  'route',
  'countEstimates',
  'resume',
  'hedge',
  'fallback',
  'authorize',
  'breaker',
  'hold',
  'backoff',
  'keypool',
  'telemetry.attempt',
  'timeLimits',
  'providers',
];

function layersOf(config: object) {
  const openai = { keys: [{ name: 'first', value: 'sk-secret', rpm: 60 }] };
  const assembly = assemble(configFromObject({ openai, ...config }, {}), {
    transport: () => Promise.reject(new Error()),
  });
  const handler = gatewayPipeline({ ...assembly, telemetry: createTelemetry(), governance: UNGOVERNED });
  return { handler, layers: describePipeline(handler) };
}

test('the pipeline is what the documentation says, and can work', () => {
  const { handler, layers } = layersOf({});
  expect(layers.map(({ name }) => name)).toEqual(ORDER);
  expect(pipelineProblems(handler)).toEqual([]);
  const page = readFileSync(new URL('../../../docs/ordering.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| \d+ \| (?:`([\w.]+)\(\)`|the provider)/gm)].map(
    ([, name]) => name ?? 'providers',
  );
  expect(rows.length).toBeGreaterThan(10);
  expect(rows).toEqual(ORDER.filter((name) => rows.includes(name)));
});

test('every layer of ours says what it was made with, and how often it runs', () => {
  const { layers } = layersOf({ hedge: {}, breaker: false });
  expect(layers.filter(({ foreign }) => foreign)).toEqual([]);
  expect(Object.fromEntries(layers.map(({ name, per }) => [name, per]))).toMatchObject({
    route: undefined,
    fallback: undefined,
    hold: 'target',
    keypool: 'attempt',
    providers: 'key',
  });
  const optionsOf = (name: string) => layers.find((layer) => layer.name === name)?.options;
  expect(optionsOf('breaker')).toBe(false);
  expect(optionsOf('hedge')).toMatchObject({ quantile: 0.95 });
  expect(optionsOf('backoff')).toMatchObject({ maxAttempts: 8, budget: { burst: 10 } });
  expect(optionsOf('keypool')).toMatchObject({ pools: { openai: { keys: [{ name: 'first', weight: 1, rpm: 60 }] } } });
  expect(optionsOf('providers')).toMatchObject({ openai: { baseURL: 'https://api.openai.com/v1' } });
});

test('no secret is among it, and all of it is JSON', () => {
  const { layers } = layersOf({});
  const text = JSON.stringify(layers);
  expect(text).not.toContain('sk-secret');
  expect(JSON.parse(text)).toMatchObject(ORDER.map((name) => ({ name })));
});
