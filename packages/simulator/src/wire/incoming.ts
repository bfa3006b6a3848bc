/** A request as the simulator sees it, from a socket or from a function call. */
export interface Incoming {
  readonly method: string;
  /** Without a query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string | Uint8Array | undefined;
  /** It came over a connection that had carried another before. */
  readonly reused?: boolean | undefined;
}

export function headerOf(incoming: Incoming, name: string): string | undefined {
  const value = incoming.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

const decoder = new TextDecoder();

export function bodyText({ body }: Incoming): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : decoder.decode(body);
}

/** The key that a caller presents, wherever its dialect puts it. Empty where there is none. */
export function presentedKey(incoming: Incoming): string {
  const bearer = headerOf(incoming, 'authorization');
  // A signed request names the access key that it is signed with; signatures are not checked.
  const signer = bearer === undefined ? undefined : /^AWS4-HMAC-SHA256 Credential=([^/]+)\//.exec(bearer)?.[1];
  if (signer !== undefined) return signer;
  if (bearer !== undefined) return bearer.replace(/^Bearer\s+/i, '');
  return headerOf(incoming, 'x-api-key') ?? headerOf(incoming, 'api-key') ?? headerOf(incoming, 'x-goog-api-key') ?? '';
}

/** The path of an absolute or a relative URL, without its query. */
export function pathOf(url: string): string {
  const scheme = url.indexOf('://');
  const start = scheme === -1 ? 0 : url.indexOf('/', scheme + 3);
  if (start === -1) return '/';
  const query = url.indexOf('?', start);
  return query === -1 ? url.slice(start) : url.slice(start, query);
}
