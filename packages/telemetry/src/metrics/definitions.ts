import { DURATION_BOUNDARIES, GENAI_METRICS } from './genai.ts';
import { GATEWAY_METRICS, OWN_BOUNDARIES } from './names.ts';

/** What a metric is called and means. */
export interface MetricDefinition {
  readonly name: string;
  readonly description: string;
  /** A UCUM unit, or a noun in braces. */
  readonly unit: string;
}

export interface HistogramDefinition extends MetricDefinition {
  /** Inclusive upper bounds. */
  readonly boundaries: readonly number[];
}

const definition = (name: string, unit: string, description: string): MetricDefinition => ({ name, unit, description });

const seconds = (name: string, boundaries: readonly number[], description: string): HistogramDefinition => ({
  ...definition(name, 's', description),
  boundaries,
});

export const HISTOGRAMS = {
  operationDuration: seconds(
    GENAI_METRICS.operationDuration,
    DURATION_BOUNDARIES,
    'Time from a request to the end of its answer.',
  ),
  timeToFirstChunk: seconds(
    GENAI_METRICS.timeToFirstChunk,
    DURATION_BOUNDARIES,
    'Time from a streamed request to the first content of its answer.',
  ),
  ownDuration: seconds(
    GATEWAY_METRICS.ownDuration,
    OWN_BOUNDARIES,
    'Time that a request spent in the layers until its answer began, without upstream calls and waits.',
  ),
} as const;

export const COUNTERS = {
  requests: definition(GATEWAY_METRICS.requests, '{request}', 'Requests that have ended.'),
  attempts: definition(GATEWAY_METRICS.attempts, '{attempt}', 'Upstream calls.'),
  attemptTime: definition(
    GATEWAY_METRICS.attemptTime,
    's',
    'Time in upstream calls, for streams to their first content.',
  ),
  waits: definition(GATEWAY_METRICS.waits, '{wait}', 'Waits for a retry or for room.'),
  waitTime: definition(GATEWAY_METRICS.waitTime, 's', 'Time planned for waits when they began.'),
  fallbacks: definition(GATEWAY_METRICS.fallbacks, '{fallback}', 'Moves from one target of a chain to another.'),
  circuits: definition(
    GATEWAY_METRICS.circuits,
    '{change}',
    'Targets that were left alone (open), tried again (half-open) or taken back (closed).',
  ),
  rescues: definition(
    GATEWAY_METRICS.rescues,
    '{rescue}',
    'Broken streams whose rest was asked for, by who was asked first.',
  ),
  hedges: definition(GATEWAY_METRICS.hedges, '{request}', 'Requests that were asked a second time, by who answered.'),
  clientRetries: definition(
    GATEWAY_METRICS.clientRetries,
    '{request}',
    'Requests that were retries of the caller by its own count.',
  ),
  skippedEvents: definition(
    GATEWAY_METRICS.skippedEvents,
    '{event}',
    'Events of upstream streams that could not be read and were left out.',
  ),
  cost: definition(GATEWAY_METRICS.cost, '{USD}', 'Price of the answers, those of broken streams included.'),
  inputTokens: definition(GENAI_METRICS.inputTokens, '{token}', 'Prompt tokens, cached ones included.'),
  outputTokens: definition(GENAI_METRICS.outputTokens, '{token}', 'Generated tokens, reasoning included.'),
  cacheReadTokens: definition(GENAI_METRICS.cacheReadTokens, '{token}', 'Prompt tokens read from a provider cache.'),
  cacheWriteTokens: definition(GENAI_METRICS.cacheWriteTokens, '{token}', 'Prompt tokens written to a provider cache.'),
  reasoningTokens: definition(GENAI_METRICS.reasoningTokens, '{token}', 'Generated tokens that were reasoning.'),
} as const;

export const ACTIVE_REQUESTS = definition(
  GATEWAY_METRICS.activeRequests,
  '{request}',
  'Requests that have begun and not ended, streams included.',
);
