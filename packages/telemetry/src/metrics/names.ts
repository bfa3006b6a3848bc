/** Metrics that no convention names: ours, under `gateway.`. */
export const GATEWAY_METRICS = {
  requests: 'gateway.requests',
  activeRequests: 'gateway.requests.active',
  attempts: 'gateway.attempts',
  attemptTime: 'gateway.attempts.time',
  waits: 'gateway.waits',
  waitTime: 'gateway.waits.time',
  fallbacks: 'gateway.fallbacks',
  circuits: 'gateway.circuits.changes',
  hedges: 'gateway.hedges',
  rescues: 'gateway.stream.rescues',
  clientRetries: 'gateway.client_retries',
  skippedEvents: 'gateway.stream.skipped_events',
  cost: 'gateway.cost.usd',
  ownDuration: 'gateway.own.duration',
} as const;

/** Seconds, from a few microseconds (a healthy pipeline) to where something of ours must have blocked. */
export const OWN_BOUNDARIES = [
  0.000_005, 0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01, 0.05, 0.25,
] as const;
