import type { Dialect, PipelineError } from '@x/core';
import { codec } from '@x/providers';

/** A failure in the vendor's own shape, with the word to its SDK that all retrying has been done. */
export function toErrorResponse(error: PipelineError, dialect: Dialect): Response {
  const { status, headers, body } = codec(wordsOf(dialect)).encodeError(error);
  return new Response(body, { status, headers: { ...headers, 'x-should-retry': 'false' } });
}

/** Each vendor's SDK knows one form of errors, whatever it asked for. */
function wordsOf(dialect: Dialect): Dialect {
  return dialect.startsWith('openai.') ? 'openai.chat' : dialect;
}
