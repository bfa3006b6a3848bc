import { ValueType, type HrTime } from '@opentelemetry/api';
import type { Clock } from '@x/core';
import { Histogram } from './histogram.ts';
import {
  CUMULATIVE,
  HISTOGRAM,
  SUM,
  type EmptyResource,
  type HistogramData,
  type HistogramValue,
  type MetricProducer,
  type Point,
  type SumData,
} from './metric-data.ts';
import type { CounterMetric, HistogramMetric, Metrics } from './metrics.ts';

/** The instrumentation scope of every metric. */
export const SCOPE = '@x/telemetry';

const RESOURCE: EmptyResource = { attributes: {}, merge: (other) => other ?? RESOURCE, getRawAttributes: () => [] };

/** Hands the metrics to readers without an instrument in between, which costs a request nothing. */
export function createProducer(metrics: Pick<Metrics, 'counters' | 'histograms'>, clock: Clock): MetricProducer {
  const startTime = toHrTime(clock.now());
  return {
    collect: async () => {
      const span = { startTime, endTime: toHrTime(clock.now()) };
      const collected = [
        ...metrics.counters.map((counter) => sumData(counter, span)),
        ...metrics.histograms.map((histogram) => histogramData(histogram, span)),
      ].filter(({ dataPoints }) => dataPoints.length > 0);
      return {
        resourceMetrics: { resource: RESOURCE, scopeMetrics: [{ scope: { name: SCOPE }, metrics: collected }] },
        errors: [],
      };
    },
  };
}

type Span = Pick<Point<unknown>, 'startTime' | 'endTime'>;

function sumData({ name, description, unit, monotonic, read }: CounterMetric, span: Span): SumData {
  const dataPoints: Point<number>[] = [];
  read((value, attributes) => dataPoints.push({ ...span, attributes, value }));
  return {
    descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: CUMULATIVE,
    dataPointType: SUM,
    isMonotonic: monotonic,
    dataPoints,
  };
}

function histogramData({ name, description, unit, rows }: HistogramMetric, span: Span): HistogramData {
  const dataPoints: Point<HistogramValue>[] = [];
  for (const [attributes, distribution] of rows) {
    if (distribution instanceof Histogram) dataPoints.push({ ...span, attributes, value: valueOf(distribution) });
  }
  return {
    descriptor: { name, description, unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: CUMULATIVE,
    dataPointType: HISTOGRAM,
    dataPoints,
  };
}

function valueOf({ boundaries, counts, count, sum, min, max }: Histogram): HistogramValue {
  const range = count > 0 ? { min, max } : {};
  return { buckets: { boundaries: [...boundaries], counts: [...counts] }, count, sum, ...range };
}

/** OpenTelemetry writes times as seconds and nanoseconds. */
function toHrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1_000);
  return [seconds, Math.floor((epochMs - seconds * 1_000) * 1_000_000)];
}
