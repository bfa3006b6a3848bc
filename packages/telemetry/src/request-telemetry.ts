import { described, onSettled, Trail, TRAIL, type LlmRequest, type LlmResponse, type Middleware } from '@x/core';
import { Observation } from './observation.ts';

/** Who is told of requests. */
export interface RequestObserver {
  begun(): void;
  ended(observation: Observation): void;
}

/** The outermost layer: opens the trail, and tells of each request once, when its answer has settled. */
export function requestTelemetry(observer: RequestObserver): Middleware<LlmRequest, LlmResponse> {
  const layer: Middleware<LlmRequest, LlmResponse> = (next) =>
    async function requestTelemetry(request, context) {
      const outer = context.get(TRAIL);
      const trail = outer ?? new Trail();
      const observation = new Observation(request, context, trail);
      observer.begun();
      let response: LlmResponse;
      try {
        response = await next(request, outer ? context : context.with({}, TRAIL.of(trail)));
      } catch (thrown) {
        observation.reject(thrown);
        observer.ended(observation);
        throw thrown;
      }
      observation.commit(response);
      if (response.stream) {
        onSettled(response, (settlement) => {
          observation.settle(settlement);
          observer.ended(observation);
        });
      } else {
        observer.ended(observation);
      }
      return response;
    };
  return described(layer, { name: 'telemetry.request' });
}
