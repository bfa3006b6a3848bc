/** Header names in lower case. A repeated header is an array or one comma-separated string. */
export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  /** Read at most once. Leaving it early (`return()` on its iterator) closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** The first value of a header, or undefined. `name` in lower case. */
export function header(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
