import type { ErrorKind } from '@x/core';
import type { Reply } from '../../wire/reply.ts';
import { fault } from '../definition.ts';
import { both, streamed } from '../expectation.ts';

/** One error of one provider, in its own words. */
export interface ProviderRow<Name extends string = string> {
  readonly name: Name;
  readonly does: string;
  readonly kind: ErrorKind;
  /** Milliseconds that it asks to wait. */
  readonly hintMs?: number;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text as it is. */
  readonly body: Readonly<Record<string, unknown>> | readonly unknown[] | string;
  /** It comes as the first event of a stream, in a 200. */
  readonly inStream?: boolean;
}

/** The rows of a provider as faults of the catalogue. */
export function providerFaults<const Name extends string>(provider: string, rows: readonly ProviderRow<Name>[]) {
  return rows.map((row) =>
    fault({
      name: row.name,
      does: row.does,
      provider,
      params: {},
      expects: row.inStream ? streamed(row.kind) : both(row.kind, row.hintMs),
      scope: row.inStream ? 'stream' : 'any',
      replace: (_params, site) => (row.inStream ? asEvent(row) : asAnswer(row, site.refuse({ ...row, body: {} }))),
    }),
  );
}

function asAnswer({ body }: ProviderRow, refused: Reply): Reply {
  const data = typeof body === 'string' ? body : JSON.stringify(body);
  return { ...refused, chunks: refused.chunks.map((chunk) => ({ ...chunk, data })) };
}

function asEvent({ body, headers }: ProviderRow): Reply {
  const data = typeof body === 'string' ? body : `data: ${JSON.stringify(body)}\n\n`;
  return {
    head: 'answer',
    delayMs: 0,
    status: 200,
    headers: { 'content-type': 'text/event-stream', ...headers },
    streamed: true,
    chunks: [{ kind: 'error', atMs: 0, data, tokens: 0 }],
    ending: 'end',
  };
}

/** `{ error: { message, type, param, code } }`, which most hosts have taken over from OpenAI. */
export function openaiBody(
  message: string,
  type: string | null = null,
  code: string | number | null = null,
  param: string | null = null,
) {
  return { error: { message, type, param, code } };
}
