import { operationOf, type Dialect } from '@x/core';

/** Whose words a caller of a dialect is told errors in: each vendor's clients know one form of them, whatever they asked for. */
export function wordsOf(dialect: Dialect): Dialect {
  if (operationOf(dialect) === 'chat') return dialect;
  if (dialect.startsWith('anthropic.')) return 'anthropic.messages';
  return dialect.startsWith('gemini.') ? 'gemini.generate' : 'openai.chat';
}
