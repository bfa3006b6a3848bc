import type { Meter } from '@opentelemetry/api';
import { systemClock, wrongOption, type Clock } from '@x/core';
import type { RequestRecord } from './request-record.ts';

/** Where request records go: a function, or a logger with `info`, such as pino. */
export type LogPort = ((record: RequestRecord) => void) | { info(record: RequestRecord, message: string): void };

export interface TelemetryOptions {
  /**
   * An OpenTelemetry meter to report to. Without it, give `telemetry.producer` to a metric reader: that costs a request some
   * 3 microseconds less.
   * @default none
   */
  meter?: Meter | undefined;
  /** Gets one record per request, when it has settled. @default none */
  log?: LogPort | undefined;
  /** Says since when `telemetry.producer` counts. Requests are timed by the clock of their context. @default systemClock */
  clock?: Clock | undefined;
  /** Series per metric; what comes beyond shares one with `otel.metric.overflow`. At least 2. @default 2000, as in OpenTelemetry */
  maxSeries?: number | undefined;
}

export interface ResolvedTelemetryOptions {
  readonly meter: Meter | undefined;
  readonly log: LogPort | undefined;
  readonly clock: Clock;
  readonly maxSeries: number;
}

export const TELEMETRY_DEFAULTS = { clock: systemClock, maxSeries: 2_000 } as const;

/** @throws TypeError, RangeError that name the option and its value */
export function resolveOptions(options: TelemetryOptions): ResolvedTelemetryOptions {
  const { meter, log, clock = TELEMETRY_DEFAULTS.clock, maxSeries = TELEMETRY_DEFAULTS.maxSeries } = options;
  if (!Number.isInteger(maxSeries) || maxSeries < 2) {
    throw new RangeError(`telemetry: maxSeries must be an integer of at least 2, got ${String(maxSeries)}`);
  }
  if (log !== undefined && typeof log !== 'function' && typeof (log as typeof log | null)?.info !== 'function') {
    throw wrongOption('telemetry: log', log, 'a function or an object with info(record)');
  }
  if (typeof (clock as Partial<Clock> | null)?.now !== 'function')
    throw wrongOption('telemetry: clock', clock, 'a Clock');
  if (meter !== undefined && typeof (meter as Partial<Meter> | null)?.createHistogram !== 'function') {
    throw wrongOption('telemetry: meter', meter, 'an OpenTelemetry Meter');
  }
  return { meter, log, clock, maxSeries };
}
