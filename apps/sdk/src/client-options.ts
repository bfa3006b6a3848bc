import type { Clock, Handler, HttpRequest, HttpResponse, LlmRequest, LlmResponse, Middleware } from '@x/core';
import type { LogPort } from '@x/telemetry';

/** What surrounds a client, of either kind. */
export interface ClientOptions {
  /** Where `env.NAME` values are looked up, once. @default process.env */
  env?: Readonly<Record<string, string | undefined>>;
  /** Sends the HTTP requests, and is closed by its owner; a simulator in process, say. @default connections of its own */
  transport?: Handler<HttpRequest, HttpResponse>;
  /** Where time and chance come from. @default systemClock */
  clock?: Clock;
  /** Gets one record per request, with its attempts. In process only: a gateway has a log of its own. @default none */
  log?: LogPort;
  /**
   * Virtual keys, budgets and limits: a `Governance` of `@x/governance`, which its owner closes. Calls then bring a virtual key in
   * their headers. In process only: a gateway has its own.
   * @default none
   */
  governance?: GovernanceLayers;
}

/** Two layers, each with its place in the pipeline. */
export interface GovernanceLayers {
  /** Who asks, once. */
  identify(): Middleware<LlmRequest, LlmResponse>;
  /** Whether they may, and have room, at each target. */
  authorize(): Middleware<LlmRequest, LlmResponse>;
}
