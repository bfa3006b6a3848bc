import type { SimulatedDialect, SimulatedTask } from '../styles/style.ts';

const CONTROL_PREFIX = '/_simulator/';

/** Where a path leads. */
export type Route =
  | { readonly to: 'control'; readonly action: string }
  | { readonly to: 'models'; readonly provider: string }
  | { readonly to: SimulatedDialect | SimulatedTask; readonly provider: string }
  | { readonly to: 'rest'; readonly provider: string; readonly path: string }
  | { readonly to: 'nowhere'; readonly provider: string };

/** The ends of paths: what stands between them and the provider's name (`/v1`, `/openai/v1`, `/v1beta/openai`) is free. */
const POST_ROUTES = [
  ['/chat/completions', 'openai.chat'],
  ['/embeddings', 'openai.embeddings'],
  ['/responses/input_tokens', 'openai.input_tokens'],
  ['/responses', 'openai.responses'],
  ['/messages', 'anthropic.messages'],
  ['/messages/count_tokens', 'anthropic.count_tokens'],
  [':generateContent', 'gemini.generate'],
  [':streamGenerateContent', 'gemini.generate'],
  [':embedContent', 'gemini.embed'],
  [':batchEmbedContents', 'gemini.batch_embed'],
  [':countTokens', 'gemini.count_tokens'],
  [':predict', 'vertex.predict'],
  ['/converse', 'bedrock.converse'],
  ['/converse-stream', 'bedrock.converse'],
  ['/invoke', 'bedrock.invoke'],
  ['/count-tokens', 'bedrock.count_tokens'],
  ['/v2/chat', 'cohere.chat'],
  ['/v2/embed', 'cohere.embed'],
] as const satisfies readonly (readonly [string, SimulatedDialect | SimulatedTask])[];

/** OpenAI's other endpoints, whatever stands in front of them. */
const REST = /(\/(?:audio|batches|completions|files|images|moderations|rerank)(?:\/[\w./-]+)?)$/;

export function findRoute(method: string, path: string): Route {
  if (path.startsWith(CONTROL_PREFIX))
    return { to: 'control', action: `${method} ${path.slice(CONTROL_PREFIX.length)}` };
  const slash = path.indexOf('/', 1);
  const provider = slash === -1 ? path.slice(1) : path.slice(1, slash);
  if (slash !== -1 && method === 'POST') {
    for (const [end, dialect] of POST_ROUTES) if (path.endsWith(end)) return { to: dialect, provider };
  }
  if (slash !== -1 && method === 'GET' && path.endsWith('/models')) return { to: 'models', provider };
  const rest = slash === -1 ? null : REST.exec(path);
  return rest === null ? { to: 'nowhere', provider } : { to: 'rest', provider, path: rest[1] ?? '' };
}
