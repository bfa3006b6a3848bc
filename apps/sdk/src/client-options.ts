import type { Clock, Handler, HttpRequest, HttpResponse } from '@x/core';
import type { GovernanceLayers } from '@x/governance';
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
   * A `Governance` of one's own, which its owner closes. Calls then bring a virtual key in their headers. In process only: a
   * gateway has its own.
   * @default what the configuration says under `governance`
   */
  governance?: GovernanceLayers;
}
