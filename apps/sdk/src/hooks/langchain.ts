import type { Fetch } from '../fetch/fetch.ts';

/** Members for the constructors of `@langchain/openai`. */
export interface LangChainFields {
  readonly apiKey: string;
  readonly maxRetries: 0;
  readonly configuration: { readonly fetch: Fetch };
}

/**
 * A client under LangChain.js: `new ChatOpenAI({ model: 'openai/gpt-4o-mini', ...langchain(client) })`. Turns LangChain's own
 * retries off, of which there are six, since it knows no `x-should-retry`.
 */
export function langchain({ fetch }: { readonly fetch: Fetch }): LangChainFields {
  return { apiKey: 'not needed', maxRetries: 0, configuration: { fetch } };
}
