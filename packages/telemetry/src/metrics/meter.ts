import type { BatchObservableCallback, Meter, Observable } from '@opentelemetry/api';
import type { HistogramDefinition } from './definitions.ts';
import type { CounterMetric, Distribute } from './metrics.ts';

/** Distributions of a meter: each record is one of the SDK's. */
export function distributeTo(meter: Meter): Distribute {
  const instruments = new Map<string, ReturnType<Meter['createHistogram']>>();
  const instrumentOf = ({ name, description, unit, boundaries }: HistogramDefinition) => {
    const advice = { explicitBucketBoundaries: [...boundaries] };
    const instrument = instruments.get(name) ?? meter.createHistogram(name, { description, unit, advice });
    instruments.set(name, instrument);
    return instrument;
  };
  return (metric, attributes) => {
    const instrument = instrumentOf(metric);
    return { record: (value) => instrument.record(value, attributes) };
  };
}

/** Shows counters to a meter when it collects. The returned function ends that. */
export function observeWith(meter: Meter, counters: readonly CounterMetric[]): () => void {
  const observables = counters.map(({ name, description, unit, monotonic }): Observable => {
    const options = { description, unit };
    return monotonic
      ? meter.createObservableCounter(name, options)
      : meter.createObservableUpDownCounter(name, options);
  });
  const onCollect: BatchObservableCallback = (result) => {
    counters.forEach((counter, index) => {
      const observable = observables[index] as Observable;
      counter.read((value, attributes) => result.observe(observable, value, attributes));
    });
  };
  meter.addBatchObservableCallback(onCollect, observables);
  return () => meter.removeBatchObservableCallback(onCollect, observables);
}
