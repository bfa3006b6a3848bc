import { header, type HttpHeaders } from '@x/core';

/** How the vendors' clients count the retries that they make by themselves. */
const RETRY_COUNT = 'x-stainless-retry-count';

/** Which retry of its client's own a request is; 0 for a first try, and where nothing sensible says so. */
export function clientRetryOf(headers: HttpHeaders): number {
  const text = header(headers, RETRY_COUNT);
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : 0;
}
