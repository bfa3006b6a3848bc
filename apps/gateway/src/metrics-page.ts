import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { AggregationTemporality, InstrumentType, MeterProvider } from '@opentelemetry/sdk-metrics';
import type { CircuitSnapshot } from '@x/fallback';
import type { GovernanceHealth } from '@x/governance';
import type { PoolSnapshot } from '@x/keypool';
import type { Telemetry } from '@x/telemetry';
import { observeCircuits } from './circuit-metrics.ts';
import { observeGovernance } from './governance-metrics.ts';
import { observePools } from './pool-metrics.ts';

export interface MetricsPage {
  /** Everything that has been counted, as Prometheus reads it. */
  text(): Promise<string>;
  close(): Promise<void>;
}

/** State that is looked at when somebody reads the page. */
export interface Observed {
  readonly pools?: () => readonly PoolSnapshot[];
  readonly circuits?: () => readonly CircuitSnapshot[];
  readonly governance?: () => GovernanceHealth;
}

/** Gauges show what there is now. What they showed once is no longer true, and more of it would be kept with each look. */
class CurrentExporter extends PrometheusExporter {
  override selectAggregationTemporality(instrument: InstrumentType): AggregationTemporality {
    if (instrument === InstrumentType.OBSERVABLE_GAUGE) return AggregationTemporality.DELTA;
    return super.selectAggregationTemporality(instrument);
  }
}

/** Metrics are counted by our own code and only shown through OpenTelemetry's, so that a request does not pay for it. */
export function createMetricsPage(telemetry: Telemetry, { pools, circuits, governance }: Observed = {}): MetricsPage {
  const exporter = new CurrentExporter({ preventServerStart: true, metricProducers: [telemetry.producer] });
  const provider = new MeterProvider({ readers: [exporter] });
  if (pools) observePools(provider.getMeter('@x/keypool'), pools);
  if (circuits) observeCircuits(provider.getMeter('@x/fallback'), circuits);
  if (governance) observeGovernance(provider.getMeter('@x/governance'), governance);
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    async text() {
      const { resourceMetrics, errors } = await exporter.collect();
      if (errors.length > 0) throw new AggregateError(errors, 'metrics could not be collected');
      return serializer.serialize(resourceMetrics);
    },
    close: () => provider.shutdown(),
  };
}
