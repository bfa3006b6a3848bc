import { createHash } from 'node:crypto';
import { storeUnavailable } from '../limits/store-unavailable.ts';
import type { RedisScripting } from './redis-client.ts';
import type { ServerTime } from './server-time.ts';

/** A script, and what Redis knows it by. */
export interface Script {
  readonly text: string;
  readonly sha1: string;
}

export function script(text: string): Script {
  return { text, sha1: createHash('sha1').update(text).digest('hex') };
}

export interface Call {
  readonly keys: string[];
  readonly args: string[];
}

/** Runs scripts, each in one round trip, or in two where the server does not know it yet. */
export class ScriptRunner {
  readonly #client: RedisScripting;
  readonly #time: ServerTime;
  readonly #heard: (ok: boolean) => void;

  constructor(client: RedisScripting, time: ServerTime, heard: (ok: boolean) => void) {
    this.#client = client;
    this.#time = time;
    this.#heard = heard;
  }

  /**
   * Resolves to the answer, an array.
   * @throws PipelineError `overloaded` with code `store_unavailable`, whatever went wrong
   */
  async run(script: Script, call: Call, position: TimePosition = 0): Promise<readonly unknown[]> {
    const askedAt = this.#time.local();
    try {
      const answer = await this.#send(script, call);
      if (!Array.isArray(answer)) throw new TypeError(`the script answered ${typeof answer}`);
      this.#time.observe(Number(answer[position]), askedAt);
      this.#heard(true);
      return answer as readonly unknown[];
    } catch (cause) {
      this.#heard(false);
      throw storeUnavailable(cause instanceof Error ? cause.message : String(cause), { cause });
    }
  }

  async #send({ sha1, text }: Script, { keys, args }: Call): Promise<unknown> {
    try {
      return await this.#client.evalsha(sha1, keys, args);
    } catch (error) {
      const unknown = error instanceof Error && error.message.startsWith('NOSCRIPT');
      if (!unknown) throw error;
      return this.#client.eval(text, keys, args);
    }
  }
}

/** Where in the answer the server's time is. */
export type TimePosition = 0 | 1;
