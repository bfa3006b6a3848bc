import type { Context, HttpRequest } from '@x/core';

/**
 * Completes a request just before it is sent: with a signature, or with a token that expires. `secret` is the key that was chosen
 * for the call. A promise only where there is something to wait for.
 */
export type Sign = (
  request: HttpRequest,
  secret: string | undefined,
  context: Context,
) => HttpRequest | Promise<HttpRequest>;
