import {
  described,
  CREDENTIAL,
  toPipelineError,
  TRAIL,
  type AttemptRecord,
  type Context,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
} from '@x/core';

/** Who is told of upstream calls. */
export type AttemptObserver = (attempt: AttemptRecord) => void;

/**
 * The layer right above the provider: writes each upstream call into the trail, with the name of the key and never its value.
 */
export function attemptTelemetry(observe: AttemptObserver): Middleware<LlmRequest, LlmResponse> {
  const report = (attempt: AttemptRecord, context: Context) => {
    context.get(TRAIL)?.attempts.push(attempt);
    observe(attempt);
  };
  const layer: Middleware<LlmRequest, LlmResponse> = (next) =>
    async function attemptTelemetry(request, context) {
      const { clock } = context;
      const { target } = request;
      const key = context.get(CREDENTIAL)?.name;
      const startedAt = clock.now();
      let response: LlmResponse;
      try {
        response = await next(request, context);
      } catch (thrown) {
        const { kind, upstream } = toPipelineError(thrown);
        const durationMs = clock.now() - startedAt;
        report({ target, key, outcome: kind, status: upstream?.status, startedAt, durationMs }, context);
        throw thrown;
      }
      // Adapters turn every other status into an error, so what resolves had this one.
      report({ target, key, outcome: 'ok', status: 200, startedAt, durationMs: clock.now() - startedAt }, context);
      return response;
    };
  return described(layer, { name: 'telemetry.attempt' });
}
