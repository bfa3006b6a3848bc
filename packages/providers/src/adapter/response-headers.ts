import type { HttpHeaders } from '@x/core';

/** Headers of one hop, and those that describe the upstream's bytes rather than the answer. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  'alt-svc',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'server',
  'set-cookie',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'vary',
]);

/** What the provider sent along that means something to layers and callers, and what a translation has to tell. */
export function responseHeaders(upstream: HttpHeaders, notes: Readonly<Record<string, string>>): HttpHeaders {
  const headers: Record<string, HttpHeaders[string]> = {};
  for (const name in upstream) {
    if (!NOT_FORWARDED.has(name)) headers[name] = upstream[name];
  }
  for (const name in notes) headers[name] = notes[name];
  return headers;
}
