import {
  answerCost,
  described,
  onSettled,
  TENANT,
  Trail,
  TRAIL,
  type Context,
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
  /** Knows whom a request is for, by the context that this layer was given. @default what the context says */
  readonly tenantOf?: ((context: Context) => string | undefined) | undefined;
}

/** The outermost layer: opens the trail, and tells of each request once, when its answer has settled. */
export function requestTelemetry(
  observer: RequestObserver,
  { findModel, tenantOf = tenantOfContext }: RequestTelemetryOptions = {},
): Middleware<LlmRequest, LlmResponse> {
  const end = (observation: Observation) => {
    observation.tenant = tenantOf(observation.context);
    observer.ended(observation);
  };
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
        end(observation);
        throw thrown;
      }
      observation.commit(response);
      if (response.stream) {
        onSettled(response, (settlement) => {
          observation.settle(settlement);
          price(observation, response);
          end(observation);
        });
      } else {
        price(observation, response);
        end(observation);
      }
      return response;
    };
  return described(layer, { name: 'telemetry.request' });
}

function tenantOfContext(context: Context): string | undefined {
  return context.get(TENANT);
}
