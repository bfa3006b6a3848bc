import type { Clock, Handler, HttpRequest, HttpResponse } from '@x/core';
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
}
