import { systemClock } from '@x/core';
import { Agent } from 'undici';

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
  const { origin, pathname } = new URL(url);
  const agent = new Agent({ connections, allowH2: false });
  let left = requests;
  let answered = 0;
  let bytes = 0;
  const caller = async () => {
    while (left-- > 0) {
      const { statusCode, body: answer } = await agent.request({
        origin,
        path: pathname,
        method: 'POST',
        headers: { ...HEADERS, ...headers },
        body,
      });
      for await (const chunk of answer) bytes += (chunk as Buffer).byteLength;
      if (statusCode === 200) answered += 1;
    }
  };
  const started = systemClock.now();
  await Promise.all(Array.from({ length: connections }, caller));
  const seconds = (systemClock.now() - started) / 1_000;
  await agent.close();
  return { seconds, answered, failed: requests - answered, bytes };
}
