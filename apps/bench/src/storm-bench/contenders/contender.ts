import type { Handler, HttpRequest, HttpResponse, LlmRequest, LlmResponse } from '@x/core';
import type { Fleet } from '../fleet.ts';

/** What a way of calling providers is made of. */
export interface ContenderParts {
  readonly fleet: Fleet;
  readonly transport: Handler<HttpRequest, HttpResponse>;
}

/** One way of calling providers: ours, or what people do today. */
export interface Contender {
  /** For tables. */
  readonly name: string;
  readonly create: (parts: ContenderParts) => Handler<LlmRequest, LlmResponse>;
}
