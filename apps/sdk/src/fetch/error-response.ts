import { operationOf, toPipelineError, type Dialect } from '@x/core';
import { codec } from '@x/providers';

/**
 * A failure as an answer in the vendor's own shape, with the word to its SDK that all retrying has been done. For route handlers
 * too: status, `retry-after` and body say what a caller should do.
 */
export function toErrorResponse(thrown: unknown, dialect: Dialect = 'openai.chat'): Response {
  const { status, headers, body } = codec(wordsOf(dialect)).encodeError(toPipelineError(thrown));
  return new Response(body, { status, headers: { ...headers, 'x-should-retry': 'false' } });
}

/** Each vendor's SDK knows one form of errors, whatever it asked for. */
function wordsOf(dialect: Dialect): Dialect {
  if (operationOf(dialect) === 'chat') return dialect;
  if (dialect.startsWith('anthropic.')) return 'anthropic.messages';
  return dialect.startsWith('gemini.') ? 'gemini.generate' : 'openai.chat';
}
