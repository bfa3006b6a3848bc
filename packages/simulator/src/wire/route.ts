import type { SimulatedDialect } from '../styles/style.ts';

const CONTROL_PREFIX = '/_simulator/';

/** Where a path leads. */
export type Route =
  | { readonly to: 'control'; readonly action: string }
  | { readonly to: 'models'; readonly provider: string }
  | { readonly to: SimulatedDialect; readonly provider: string }
  | { readonly to: 'nowhere'; readonly provider: string };

/** The ends of paths: what stands between them and the provider's name (`/v1`, `/openai/v1`, `/v1beta/openai`) is free. */
const POST_ROUTES = [
  ['/chat/completions', 'openai.chat'],
  ['/responses', 'openai.responses'],
  ['/messages', 'anthropic.messages'],
  [':generateContent', 'gemini.generate'],
  [':streamGenerateContent', 'gemini.generate'],
  ['/converse', 'bedrock.converse'],
  ['/converse-stream', 'bedrock.converse'],
] as const satisfies readonly (readonly [string, SimulatedDialect])[];

export function findRoute(method: string, path: string): Route {
  if (path.startsWith(CONTROL_PREFIX))
    return { to: 'control', action: `${method} ${path.slice(CONTROL_PREFIX.length)}` };
  const slash = path.indexOf('/', 1);
  const provider = slash === -1 ? path.slice(1) : path.slice(1, slash);
  if (slash !== -1 && method === 'POST') {
    for (const [end, dialect] of POST_ROUTES) if (path.endsWith(end)) return { to: dialect, provider };
  }
  if (slash !== -1 && method === 'GET' && path.endsWith('/models')) return { to: 'models', provider };
  return { to: 'nowhere', provider };
}
