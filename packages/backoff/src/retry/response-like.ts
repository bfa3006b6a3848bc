import { header, type HttpHeaders } from '@x/core';

/** What `fetch` resolves with, as far as a retry needs it. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body?: unknown;
}

export function asResponse(value: unknown): ResponseLike | undefined {
  if (!isObject(value) || typeof value['status'] !== 'number') return undefined;
  const { headers } = value;
  return isObject(headers) && typeof headers['get'] === 'function' ? (value as unknown as ResponseLike) : undefined;
}

/** Frees the connection under a response that nobody will read: a web stream is cancelled, a Node stream destroyed. */
export function release({ body }: ResponseLike): void {
  if (!isObject(body)) return;
  try {
    // Rejects where the caller's function has read or locked the body, which then is its own to end.
    if (typeof body['cancel'] === 'function') Promise.resolve(body['cancel']()).catch(() => undefined);
    else if (typeof body['destroy'] === 'function') body['destroy']();
  } catch {
    // The same from a body that throws at once.
  }
}

/** The headers that say whether and when to come back. */
const HINT_HEADERS = ['retry-after-ms', 'x-ms-retry-after-ms', 'retry-after', 'date', 'x-should-retry'] as const;

/** Those headers from whatever carries headers: an object with `get`, or a plain record in any case. */
export function hintHeaders(source: unknown): HttpHeaders {
  if (!isObject(source)) return {};
  const { get } = source;
  const found: Record<string, string> = {};
  if (typeof get === 'function') {
    for (const name of HINT_HEADERS) {
      const value: unknown = get.call(source, name);
      if (typeof value === 'string') found[name] = value;
    }
    return found;
  }
  for (const [name, value] of Object.entries(source)) {
    const lower = name.toLowerCase();
    if (!HINT_HEADERS.some((known) => known === lower)) continue;
    const text = header({ [lower]: value as string | string[] }, lower);
    if (typeof text === 'string') found[lower] = text;
  }
  return found;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
