import type { Attributes, HrTime, ValueType } from '@opentelemetry/api';
import type { MetricDefinition } from './definitions.ts';

// The shapes and numbers that `@opentelemetry/sdk-metrics` 3.1 reads, so that this package needs no SDK. A test holds them to it.

/** `AggregationTemporality.CUMULATIVE` */
export const CUMULATIVE = 1;
/** `DataPointType.HISTOGRAM` */
export const HISTOGRAM = 0;
/** `DataPointType.SUM` */
export const SUM = 3;

export interface Point<Value> {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Attributes;
  readonly value: Value;
}

export interface HistogramValue {
  readonly buckets: { readonly boundaries: number[]; readonly counts: number[] };
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
}

interface MetricBase {
  readonly descriptor: MetricDefinition & { readonly valueType: ValueType };
  readonly aggregationTemporality: typeof CUMULATIVE;
}

export interface SumData extends MetricBase {
  readonly dataPointType: typeof SUM;
  readonly isMonotonic: boolean;
  readonly dataPoints: Point<number>[];
}

export interface HistogramData extends MetricBase {
  readonly dataPointType: typeof HISTOGRAM;
  readonly dataPoints: Point<HistogramValue>[];
}

/** Readers take their own resource, so this one stays empty. */
export interface EmptyResource {
  readonly attributes: Attributes;
  merge<Other>(other: Other | null): Other | EmptyResource;
  getRawAttributes(): [];
}

/**
 * Fits `metricProducers` of any OpenTelemetry metric reader: the Prometheus exporter, the periodic one. What it hands out is
 * cumulative, whatever the reader prefers.
 */
export interface MetricProducer {
  collect(): Promise<CollectedMetrics>;
}

export interface CollectedMetrics {
  readonly resourceMetrics: {
    readonly resource: EmptyResource;
    readonly scopeMetrics: {
      readonly scope: { readonly name: string };
      readonly metrics: (SumData | HistogramData)[];
    }[];
  };
  readonly errors: unknown[];
}
