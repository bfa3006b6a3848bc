import type { HttpRequest } from '@x/core';
import type { UpstreamCall } from './call.ts';
import type { SentRequest } from './outlet.ts';
import type { ProviderProfile } from './profile.ts';

type Headers = HttpRequest['headers'];

/** Secrets whose headers are kept: a pool has some dozens of keys, and tokens are replaced by others. */
const MOST = 256;

const JSON_TYPE = 'application/json';

/** The headers of requests to one provider. Those of JSON for JSON are made once for each secret: most calls differ in nothing else. */
export class RequestHeaders {
  readonly #auth: ProviderProfile['auth'];
  readonly #forward: readonly string[];
  readonly #fixed: Headers;
  readonly #usual = new Map<string | undefined, Headers>();

  constructor({ auth, forward }: ProviderProfile, fixed: Headers) {
    this.#auth = auth;
    this.#forward = forward;
    this.#fixed = fixed;
  }

  of(call: UpstreamCall, sent: SentRequest): Headers {
    const isUsual = sent.bytes !== undefined && sent.contentType === JSON_TYPE && sent.accept === JSON_TYPE;
    if (!isUsual || (sent.isOwn && this.#forwardsAny(call))) return this.#make(call, sent);
    const { secret } = call;
    const known = this.#usual.get(secret);
    if (known !== undefined) return known;
    const headers = this.#make(call, sent);
    if (this.#usual.size >= MOST) this.#usual.clear();
    this.#usual.set(secret, headers);
    return headers;
  }

  #forwardsAny({ request }: UpstreamCall): boolean {
    for (const name of this.#forward) if (request.headers[name] !== undefined) return true;
    return false;
  }

  #make({ request, secret }: UpstreamCall, { bytes, contentType, accept, isOwn }: SentRequest): Headers {
    const headers: Record<string, string> = { ...this.#fixed, accept };
    if (bytes !== undefined) headers['content-type'] = contentType;
    if (isOwn) {
      for (const name of this.#forward) {
        const value = request.headers[name];
        if (value !== undefined) headers[name] = value;
      }
    }
    if (secret !== undefined && this.#auth !== undefined) headers[this.#auth.header] = this.#auth.prefix + secret;
    return headers;
  }
}
