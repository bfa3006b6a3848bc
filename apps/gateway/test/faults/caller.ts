import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';

/** The dialects that callers speak here. */
export type CallerDialect = 'openai' | 'anthropic';

export interface Heard {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Whether the body ended as HTTP says it should. */
  readonly complete: boolean;
}

export interface Question {
  readonly url: string;
  readonly dialect: CallerDialect;
  readonly stream: boolean;
  readonly model: string;
  readonly fallbacks: readonly string[];
}

/** One request of a caller, which may leave. */
export interface Asked {
  readonly heard: Promise<Heard>;
  leave(): void;
}

const PATHS = { openai: '/v1/chat/completions', anthropic: '/anthropic/v1/messages' } as const;

/** Asks over a connection of its own, as a program would. */
export function ask({ url, dialect, stream, model, fallbacks }: Question): Asked {
  const body = JSON.stringify({
    model,
    max_tokens: 500,
    messages: [{ role: 'user', content: 'Summarize this ticket.' }],
    ...(stream && { stream }),
    ...(fallbacks.length > 0 && { fallbacks }),
  });
  const agent = new Agent({ keepAlive: false });
  const sent = httpRequest(url + PATHS[dialect], {
    agent,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  const heard = new Promise<Heard>((resolve, reject) => {
    sent.on('error', reject);
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers } = response;
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', () => undefined);
      response.on('close', () => {
        resolve({ status, headers, text: Buffer.concat(pieces).toString(), complete: response.complete });
      });
    });
  });
  heard.catch(() => undefined);
  sent.end(body);
  return { heard, leave: () => sent.destroy() };
}
