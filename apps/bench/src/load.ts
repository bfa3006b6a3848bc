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

/** A closed loop: as many callers as connections, each sending its next request when it has read its last answer. */
export async function closedLoop(load: Load): Promise<LoadResult> {
  const sender = new Sender(load);
  let left = load.requests;
  const caller = () =>
    new Promise<void>((done) => {
      const next = () => {
        if (left <= 0) return done();
        left -= 1;
        sender.send(next);
      };
      next();
    });
  await Promise.all(Array.from({ length: load.connections }, caller));
  return sender.close();
}

/** An open loop: so many requests a second, however slow the answers are. Each millisecond sends those that are due. */
export async function openLoop({ perSecond, ...load }: Load & { readonly perSecond: number }): Promise<LoadResult> {
  const sender = new Sender(load);
  const started = systemClock.now();
  const sent: Promise<void>[] = [];
  while (sent.length < load.requests) {
    const due = Math.min(load.requests, ((systemClock.now() - started) * perSecond) / 1_000);
    while (sent.length < due) sent.push(new Promise((done) => sender.send(done)));
    await systemClock.sleep(1);
  }
  await Promise.all(sent);
  return sender.close();
}

const HEADERS = { 'content-type': 'application/json' };

/** Does as little as can be done on undici's callbacks: the load shares its core with others. */
class Sender {
  readonly #agent: Agent;
  readonly #request: Parameters<Agent['dispatch']>[0];
  readonly #requests: number;
  readonly #startedAt = systemClock.now();
  #answered = 0;
  #bytes = 0;

  constructor({ url, body, connections, headers, requests }: Load) {
    const { origin, pathname: path } = new URL(url);
    this.#agent = new Agent({ connections, allowH2: false });
    this.#request = { origin, path, method: 'POST', headers: { ...HEADERS, ...headers }, body: Buffer.from(body) };
    this.#requests = requests;
  }

  /** `done` is called when the answer has been read, or will not come. */
  send(done: () => void): void {
    this.#agent.dispatch(this.#request, {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, status) => {
        if (status === 200) this.#answered += 1;
      },
      onResponseData: (_controller, chunk) => {
        this.#bytes += chunk.byteLength;
      },
      onResponseEnd: done,
      onResponseError: done,
    });
  }

  async close(): Promise<LoadResult> {
    const seconds = (systemClock.now() - this.#startedAt) / 1_000;
    await this.#agent.close();
    return { seconds, answered: this.#answered, failed: this.#requests - this.#answered, bytes: this.#bytes };
  }
}
