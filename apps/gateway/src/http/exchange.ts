import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequestId, PipelineError, Trail, type Clock, type RequestScope } from '@x/core';

const NONE: readonly string[] = [];

/** One HTTP request and its response, from the first byte of the one to the last of the other. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly clock: Clock;
  /** Goes out as `x-request-id`, and is the context's id. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly trail = new Trail();
  /** How the caller's limits stand: headers, flat. */
  limitHeaders: readonly string[] = NONE;
  /** Set while the pipeline works for this exchange. */
  scope: RequestScope | undefined;
  /** Set while the request's body is being read: gives it up. */
  leaveBody: (() => void) | undefined;
  /** Set while a stream is being written: gives it up at once, for those that do not watch the context's signal. */
  leaveStream: (() => void) | undefined;
  /** The connection is not to be used again. */
  lastOnConnection = false;
  closed = false;
  /** Where it stands among those that are open. */
  place = -1;

  constructor(request: IncomingMessage, response: ServerResponse, clock: Clock) {
    this.request = request;
    this.response = response;
    this.clock = clock;
    this.startedAt = clock.now();
    this.id = createRequestId(this.startedAt);
  }

  /** The connection is gone, or the response is written whole. */
  close(): void {
    this.closed = true;
    this.leaveBody?.();
    if (!this.response.writableFinished) {
      this.scope?.abort(new PipelineError('cancelled', 'the caller closed the connection', { code: 'client_closed' }));
      this.leaveStream?.();
    }
  }

  /** Headers for every answer, flat as `writeHead` likes them best. */
  headers(contentType: string): string[] {
    const headers = ['content-type', contentType, 'x-request-id', this.id];
    if (this.lastOnConnection) headers.push('connection', 'close');
    return headers;
  }

  sendJson(status: number, body: string, extra: readonly string[] = []): void {
    if (this.closed) return;
    const headers = this.headers('application/json');
    headers.push('content-length', String(Buffer.byteLength(body)), ...extra);
    this.response.writeHead(status, headers);
    this.response.end(body);
  }

  /** JSON whose every character stands for one byte. Goes out in one piece with its head, which node does for strings only. */
  sendLatin1(status: number, json: string, extra: readonly string[]): void {
    if (this.closed) return;
    const headers = this.headers('application/json');
    headers.push('content-length', String(json.length), ...extra);
    this.response.writeHead(status, headers);
    this.response.end(json, 'latin1');
  }
}
