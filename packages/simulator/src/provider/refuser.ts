import type { ResolvedProvider } from '../config/resolved.ts';
import type { Problem, WireDialect } from '../dialects/dialect.ts';
import type { Lane, Refusal } from '../engine/lane.ts';
import { randomHex } from '../engine/random.ts';
import type { FaultSite, RefuseOptions } from '../faults/definition.ts';
import { writeLimitHeaders, writeRetryAfter } from '../styles/headers.ts';
import type { ErrorAnswer, ErrorStyle } from '../styles/style.ts';
import { wholeReply, type Reply } from '../wire/reply.ts';

/** Says no in the words and shapes of one provider, to one request. */
export class Refuser implements FaultSite {
  readonly model: string;
  readonly dialect: WireDialect;
  readonly errors: ErrorStyle;
  /** Hexadecimal digits that the ids of the request and of its answer have in common, so that logs can be matched. */
  readonly digits: string;
  readonly requestId: string;
  readonly now: number;
  readonly #config: ResolvedProvider;

  constructor(config: ResolvedProvider, call: Pick<FaultSite, 'model' | 'dialect' | 'now'>, random: () => number) {
    this.#config = config;
    this.model = call.model;
    this.dialect = call.dialect;
    this.now = call.now;
    this.errors = config.style.errors;
    this.digits = randomHex(random, 16);
    this.requestId = `req_${this.digits}`;
  }

  /** What stands on every answer of the provider's. A fresh object: limits are added to it. */
  headers(): Record<string, string> {
    const { requestIdHeader, fixedHeaders } = this.#config.style;
    return { [requestIdHeader]: this.requestId, ...fixedHeaders };
  }

  invalidKey(value: string): Reply {
    return this.refuse(this.errors.invalidKey(this, value));
  }

  invalidRequest({ message, param }: Problem): Reply {
    return this.refuse(this.errors.invalidRequest(this, message, param));
  }

  modelNotFound(): Reply {
    return this.refuse(this.errors.modelNotFound(this));
  }

  insufficientQuota(): Reply {
    return this.refuse(this.errors.insufficientQuota(this));
  }

  contextTooLong(tokens: number, window: number): Reply {
    return this.refuse(this.errors.contextTooLong(this, tokens, window));
  }

  rateLimited(refusal: Refusal, lane: Lane, now: number): Reply {
    const headers: Record<string, string> = {};
    writeLimitHeaders(this.#config.headers, lane, now, headers);
    if (refusal.waitMs !== undefined) writeRetryAfter(this.#config.retryAfter, refusal.waitMs, headers);
    return this.refuse(this.errors.rateLimited(this, refusal), { headers });
  }

  refuse({ status, headers, body }: ErrorAnswer, options: RefuseOptions = {}): Reply {
    return wholeReply({
      status,
      headers: { ...this.headers(), ...headers, ...options.headers },
      body: JSON.stringify(body),
      delayMs: options.delayMs,
    });
  }
}
