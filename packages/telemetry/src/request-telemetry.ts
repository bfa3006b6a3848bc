import {
  answerCost,
  described,
  onSettled,
  Trail,
  TRAIL,
  type FindModel,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
} from '@x/core';
import { Observation } from './observation.ts';

/** Who is told of requests. */
export interface RequestObserver {
  begun(): void;
  ended(observation: Observation): void;
}

export interface RequestTelemetryOptions {
  /** Knows prices, so that records, metrics and the trail say what answers cost. @default nobody knows */
  readonly findModel?: FindModel | undefined;
}

/** The outermost layer: opens the trail, and tells of each request once, when its answer has settled. */
export function requestTelemetry(
  observer: RequestObserver,
  { findModel }: RequestTelemetryOptions = {},
): Middleware<LlmRequest, LlmResponse> {
  const price = (observation: Observation, response: LlmResponse) => {
    if (findModel === undefined) return;
    const { trail } = observation;
    observation.findModel = findModel;
    trail.costNanoUsd = answerCost(findModel, response, trail.shares);
  };
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
          price(observation, response);
          observer.ended(observation);
        });
      } else {
        price(observation, response);
        observer.ended(observation);
      }
      return response;
    };
  return described(layer, { name: 'telemetry.request' });
}
