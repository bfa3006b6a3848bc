import type { Context, Handler, HttpHeaders, HttpRequest, HttpResponse } from '@x/core';

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: HttpHeaders;
  /** Pieces as the network delivers them. */
  readonly chunks?: readonly (string | Uint8Array)[];
  /** Thrown instead of a proper end. */
  readonly breaksWith?: Error;
}

export interface FakeTransport extends Handler<HttpRequest, HttpResponse> {
  readonly requests: HttpRequest[];
  readonly contexts: Context[];
  /** How many bodies were left before their end. */
  readonly closed: number;
  /** How many pieces have been pulled. */
  readonly pulled: number;
}

/** A transport that plays answers one by one, the last of them for ever. */
export function fakeTransport(...answers: readonly FakeAnswer[]): FakeTransport {
  const state = { requests: [] as HttpRequest[], contexts: [] as Context[], closed: 0, pulled: 0 };
  const transport = async (request: HttpRequest, context: Context): Promise<HttpResponse> => {
    const answer = answers[Math.min(state.requests.length, answers.length - 1)] ?? {};
    state.requests.push(request);
    state.contexts.push(context);
    return { status: answer.status ?? 200, headers: answer.headers ?? {}, body: play(answer, state) };
  };
  return Object.defineProperties(transport, {
    requests: { value: state.requests },
    contexts: { value: state.contexts },
    closed: { get: () => state.closed },
    pulled: { get: () => state.pulled },
  }) as unknown as FakeTransport;
}

function play(
  { chunks = [], breaksWith }: FakeAnswer,
  state: { closed: number; pulled: number },
): AsyncIterable<Uint8Array> {
  const rest = chunks.map((chunk) => (typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk));
  const iterator: AsyncIterator<Uint8Array> = {
    next: async () => {
      const value = rest.shift();
      if (value !== undefined) {
        state.pulled += 1;
        return { done: false, value };
      }
      if (breaksWith) throw breaksWith;
      return { done: true, value: undefined };
    },
    return: async () => {
      state.closed += 1;
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

/** A body that answers a request for a whole answer. */
export function json(text: string, status = 200, headers: HttpHeaders = {}): FakeAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, chunks: [text] };
}

/** A body that answers a request for a stream. */
export function sse(...chunks: readonly (string | Uint8Array)[]): FakeAnswer {
  return { headers: { 'content-type': 'text/event-stream' }, chunks };
}

/** The events of a recorded stream, a piece of the body each. */
export function pieces(recorded: string): string[] {
  return recorded.split(/(?<=\n\n)/);
}
