import type { Context, HttpRequest } from '@x/core';

/**
 * Completes a request just before it is sent, as a signature over all of it does. `secret` is the key that was chosen for the call. A promise only where there is something to wait for.
 */
export type Sign = (
  request: HttpRequest,
  secret: string | undefined,
  context: Context,
) => HttpRequest | Promise<HttpRequest>;
