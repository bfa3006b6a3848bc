import { diag } from '@opentelemetry/api';
import type { LlmRequest, LlmResponse, Middleware } from '@x/core';
import { attemptTelemetry } from './attempt-telemetry.ts';
import type { CircuitSeen, FallbackSeen, HedgeSeen, ResumeSeen, SkippedSeen, WaitSeen } from './events.ts';
import { Histogram } from './metrics/histogram.ts';
import { distributeTo, observeWith } from './metrics/meter.ts';
import type { MetricProducer } from './metrics/metric-data.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createProducer } from './metrics/producer.ts';
import type { Observation } from './observation.ts';
import { resolveOptions, type LogPort, type TelemetryOptions } from './options.ts';
import { Recorder } from './recorder.ts';
import { createRecord, type RequestRecord } from './request-record.ts';
import { requestTelemetry, type RequestTelemetryOptions } from './request-telemetry.ts';

/** Two layers and the events of others, over one set of metrics. */
export interface Telemetry {
  /** The outermost layer: one record per request, when it has settled. */
  request(options?: RequestTelemetryOptions): Middleware<LlmRequest, LlmResponse>;
  /** The layer right above the provider: one entry in the trail per upstream call. */
  attempt(): Middleware<LlmRequest, LlmResponse>;
  /** For `onWait` of `@x/backoff`. */
  readonly onWait: (event: WaitSeen) => void;
  /** For `onFallback` of `@x/fallback`. */
  readonly onFallback: (event: FallbackSeen) => void;
  /** For `onChange` of `breaker` in `@x/fallback`. */
  readonly onCircuit: (event: CircuitSeen) => void;
  /** For `onHedge` of `hedge` in `@x/fallback`. */
  readonly onHedge: (event: HedgeSeen) => void;
  /** For `onResume` of `resume` in `@x/streams`. */
  readonly onResume: (event: ResumeSeen) => void;
  /** For `onSkippedEvent` of `@x/providers`. */
  readonly onSkippedEvent: (event: SkippedSeen) => void;
  /** All metrics, for `metricProducers` of a metric reader. Empty when a meter was given: it has them already. */
  readonly producer: MetricProducer;
  /** Stops reporting to the meter. */
  close(): void;
}

/** @throws TypeError, RangeError that name the option and its value */
export function createTelemetry(options: TelemetryOptions = {}): Telemetry {
  const { meter, log, clock, maxSeries } = resolveOptions(options);
  const metrics = createMetrics(maxSeries, meter ? distributeTo(meter) : ({ boundaries }) => new Histogram(boundaries));
  const recorder = new Recorder(metrics);
  const write = log && writerOf(log);
  const observer = {
    begun: () => recorder.begun(),
    ended: (observation: Observation) => {
      recorder.ended(observation);
      write?.(observation);
    },
  };
  return {
    request: (of) => requestTelemetry(observer, of),
    attempt: () => attemptTelemetry((attempt) => recorder.attempted(attempt)),
    onWait: (event) => recorder.waited(event),
    onFallback: (event) => recorder.movedOn(event),
    onCircuit: (event) => recorder.circuitChanged(event),
    onHedge: (event) => recorder.hedged(event),
    onResume: (event) => recorder.resumed(event),
    onSkippedEvent: (event) => recorder.skipped(event),
    producer: createProducer(meter ? { counters: [], histograms: [] } : metrics, clock),
    close: meter ? observeWith(meter, metrics.counters) : () => undefined,
  };
}

/** A log that throws costs its line, not the caller's answer. */
function writerOf(log: LogPort): (observation: Observation) => void {
  const write = typeof log === 'function' ? log : (record: RequestRecord) => log.info(record, 'request');
  return (observation) => {
    try {
      write(createRecord(observation));
    } catch (error) {
      diag.error('telemetry: the log port threw', error);
    }
  };
}
