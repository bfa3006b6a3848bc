import { systemClock } from '@x/core';
import { Agent } from 'undici';
import { bodyOf } from './request.ts';

/** How a request ended, as its caller saw it. */
export interface Ending {
  /** 0 where the connection broke before there was one. */
  readonly status: number;
  readonly code: string | undefined;
  /** Its name in the ledger. */
  readonly requestId: string;
  /** Whether the whole of an answer has come, to its last byte. */
  readonly whole: boolean;
  readonly ms: number;
}

export interface Asking {
  readonly key: string;
  readonly stream?: boolean;
}

/** No answer here takes as long: one that does hangs. */
export const HANGS_AFTER_MS = 15_000;

/** Applications, as a gateway sees them. */
export class Caller {
  readonly #agent = new Agent({
    connections: 256,
    allowH2: false,
    headersTimeout: HANGS_AFTER_MS,
    bodyTimeout: HANGS_AFTER_MS,
  });

  async ask(url: string, { key, stream = false }: Asking): Promise<Ending> {
    const started = systemClock.now();
    const seen = { status: 0, requestId: '', text: '' };
    try {
      const { statusCode, headers, body } = await this.#agent.request({
        origin: url,
        path: '/v1/chat/completions',
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: JSON.stringify(bodyOf(stream)),
      });
      seen.status = statusCode;
      seen.requestId = String(headers['x-request-id'] ?? '');
      for await (const chunk of body) seen.text += String(chunk);
    } catch {
      return { ...seen, code: undefined, whole: false, ms: systemClock.now() - started };
    }
    const { status, requestId, text } = seen;
    const whole = status === 200 && (stream ? text.endsWith('data: [DONE]\n\n') : text.includes('"usage"'));
    const code = /"code":\s*"([^"]+)"/.exec(text)?.[1];
    return {
      status,
      requestId,
      code: status === 200 && whole ? undefined : code,
      whole,
      ms: systemClock.now() - started,
    };
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** How many of each kind, as `12 served, 188 refused (402 budget_exceeded)`. */
export function tally(endings: readonly Ending[]): string {
  const counts = new Map<string, number>();
  for (const { status, code, whole } of endings) {
    const name = whole
      ? 'served'
      : status === 0
        ? 'cut off'
        : status === 200
          ? 'broken'
          : `${status} ${code ?? ''}`.trim();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(', ');
}

export const served = (endings: readonly Ending[]): Ending[] => endings.filter(({ whole }) => whole);
