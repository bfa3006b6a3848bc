import { systemClock } from '@x/core';
import { Agent, type Dispatcher } from 'undici';

export interface Load {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly requests: number;
  /** Besides the type of the body. @default none */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly seconds: number;
  readonly answered: number;
  readonly failed: number;
  readonly bytes: number;
}

const HEADERS = { 'content-type': 'application/json' };

/** A closed loop: as many callers as connections, each sending its next request when it has read its last answer. */
export async function closedLoop({ url, body, connections, requests, headers }: Load): Promise<LoadResult> {
  const { origin, pathname: path } = new URL(url);
  const agent = new Agent({ connections, allowH2: false });
  const request = {
    origin,
    path,
    method: 'POST',
    headers: { ...HEADERS, ...headers },
    body: Buffer.from(body),
  } as const;
  let left = requests;
  let answered = 0;
  let bytes = 0;
  const caller = () =>
    new Promise<void>((done) => {
      const next = () => {
        if (left <= 0) return done();
        left -= 1;
        agent.dispatch(request, handler);
      };
      // As little as can be done on undici's callbacks: the load shares its core with others.
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(_controller, status) {
          if (status === 200) answered += 1;
        },
        onResponseData(_controller, chunk) {
          bytes += chunk.byteLength;
        },
        onResponseEnd: next,
        onResponseError: next,
      };
      next();
    });
  const started = systemClock.now();
  await Promise.all(Array.from({ length: connections }, caller));
  const seconds = (systemClock.now() - started) / 1_000;
  await agent.close();
  return { seconds, answered, failed: requests - answered, bytes };
}
