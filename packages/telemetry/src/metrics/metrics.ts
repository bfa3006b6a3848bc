import type { Attributes } from '@opentelemetry/api';
import {
  ACTIVE_REQUESTS,
  COUNTERS,
  HISTOGRAMS,
  type HistogramDefinition,
  type MetricDefinition,
} from './definitions.ts';
import { ERROR_TYPE, GENAI_LABELS } from './genai.ts';
import type { Distribution } from './histogram.ts';
import { Table } from './table.ts';

interface Counted {
  count: number;
}

interface Timed extends Counted {
  seconds: number;
}

interface Billed {
  nanoUsd: number;
}

/** Classes overlap as the conventions have it: input includes the cached, output the reasoning. */
export interface Tokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  reasoning: number;
}

type Emit = (value: number, attributes: Attributes) => void;

/** A number that is kept here and read when somebody collects. */
export interface CounterMetric extends MetricDefinition {
  readonly monotonic: boolean;
  read(emit: Emit): void;
}

export interface HistogramMetric extends HistogramDefinition {
  readonly rows: readonly (readonly [Attributes, Distribution])[];
}

/** Makes the distribution behind one series: one of ours, or one that hands on to an OpenTelemetry instrument. */
export type Distribute = (metric: HistogramDefinition, attributes: Attributes) => Distribution;

/** Everything that is counted. Recording is a walk through a table and an addition. */
export type Metrics = ReturnType<typeof createMetrics>;

const timed = (): Timed => ({ count: 0, seconds: 0 });
const counted = (): Counted => ({ count: 0 });
const billed = (): Billed => ({ nanoUsd: 0 });
const noTokens = (): Tokens => ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 });

export function createMetrics(limit: number, distribute: Distribute) {
  const distributions = (metric: HistogramDefinition, labels: readonly string[]) =>
    new Table<Distribution>(labels, limit, (attributes) => distribute(metric, attributes));

  const requests = new Table(['provider', 'model', 'outcome'], limit, counted);
  const attempts = new Table(['provider', 'model', 'key', 'outcome'], limit, timed);
  const waits = new Table(['provider', 'model', 'kind'], limit, timed);
  const fallbacks = new Table(['from', 'to', 'kind'], limit, counted);
  const circuits = new Table(['provider', 'model', 'state'], limit, counted);
  const rescues = new Table(['from', 'to', 'mode'], limit, counted);
  const hedges = new Table(['provider', 'model', 'winner'], limit, counted);
  const clientRetries = new Table(['provider', 'model', 'outcome'], limit, counted);
  const skipped = new Table(['provider', 'model'], limit, counted);
  const costs = new Table(['provider', 'model'], limit, billed);
  const tokens = new Table(GENAI_LABELS, limit, noTokens);
  const durations = distributions(HISTOGRAMS.operationDuration, [...GENAI_LABELS, ERROR_TYPE]);
  const firstChunks = distributions(HISTOGRAMS.timeToFirstChunk, GENAI_LABELS);
  const own = distribute(HISTOGRAMS.ownDuration, {});
  const active = counted();

  const counters: readonly CounterMetric[] = [
    counter(COUNTERS.requests, requests, (cell) => cell.count),
    counter(COUNTERS.attempts, attempts, (cell) => cell.count),
    counter(COUNTERS.attemptTime, attempts, (cell) => cell.seconds),
    counter(COUNTERS.waits, waits, (cell) => cell.count),
    counter(COUNTERS.waitTime, waits, (cell) => cell.seconds),
    counter(COUNTERS.fallbacks, fallbacks, (cell) => cell.count),
    counter(COUNTERS.circuits, circuits, (cell) => cell.count),
    counter(COUNTERS.rescues, rescues, (cell) => cell.count),
    counter(COUNTERS.hedges, hedges, (cell) => cell.count),
    counter(COUNTERS.clientRetries, clientRetries, (cell) => cell.count),
    counter(COUNTERS.skippedEvents, skipped, (cell) => cell.count),
    counter(COUNTERS.cost, costs, (cell) => cell.nanoUsd / 1e9),
    counter(COUNTERS.inputTokens, tokens, (cell) => cell.input),
    counter(COUNTERS.outputTokens, tokens, (cell) => cell.output),
    counter(COUNTERS.cacheReadTokens, tokens, (cell) => cell.cacheRead),
    counter(COUNTERS.cacheWriteTokens, tokens, (cell) => cell.cacheWrite),
    counter(COUNTERS.reasoningTokens, tokens, (cell) => cell.reasoning),
    { ...ACTIVE_REQUESTS, monotonic: false, read: (emit) => emit(active.count, {}) },
  ];
  const histograms: readonly HistogramMetric[] = [
    { ...HISTOGRAMS.operationDuration, rows: durations.rows },
    { ...HISTOGRAMS.timeToFirstChunk, rows: firstChunks.rows },
    { ...HISTOGRAMS.ownDuration, rows: [[{}, own]] },
  ];
  const tables = {
    requests,
    attempts,
    waits,
    fallbacks,
    circuits,
    hedges,
    rescues,
    clientRetries,
    skipped,
    costs,
    tokens,
  };
  return { ...tables, durations, firstChunks, own, active, counters, histograms };
}

function counter<Cell extends object>(
  definition: MetricDefinition,
  table: Table<Cell>,
  value: (cell: Cell) => number,
): CounterMetric {
  return {
    ...definition,
    monotonic: true,
    read: (emit) => {
      for (const [attributes, cell] of table.rows) emit(value(cell), attributes);
    },
  };
}
