export { createTelemetry, type Telemetry } from './telemetry.ts';
export type { RequestTelemetryOptions } from './request-telemetry.ts';
export { TELEMETRY_DEFAULTS, type LogPort, type TelemetryOptions } from './options.ts';
export type { AttemptSummary, RequestRecord } from './request-record.ts';
export type { CircuitSeen, FallbackSeen, HedgeSeen, ResumeSeen, WaitSeen } from './events.ts';
export type { CollectedMetrics, HistogramData, MetricProducer, SumData } from './metrics/metric-data.ts';
export { GATEWAY_METRICS } from './metrics/names.ts';
export { GENAI_METRICS } from './metrics/genai.ts';
