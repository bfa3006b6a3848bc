import { PipelineError, type Dialect } from '@x/core';

/** What a vendor's SDK asks for, by its path. */
export interface Endpoint {
  readonly dialect: Dialect;
  /** Where the dialect has the model in its path. */
  readonly model?: string;
  /** Where the dialect says in its path that the answer is to be streamed. */
  readonly stream?: boolean;
}

interface Row {
  /** By the method behind the model, where there is one. */
  readonly dialect: Dialect | ReadonlyMap<string, Dialect>;
  /** By the end of the path, so that any base URL will do. Groups: the model, and the method. */
  readonly path: RegExp;
  readonly shown: string;
  /** What stands before it at a gateway. */
  readonly prefix: string;
}

const GEMINI = new Map<string, Dialect>([
  ['generateContent', 'gemini.generate'],
  ['streamGenerateContent', 'gemini.generate'],
  ['embedContent', 'gemini.embed'],
  ['batchEmbedContents', 'gemini.batch_embed'],
  ['countTokens', 'gemini.count_tokens'],
]);

const ROWS: readonly Row[] = [
  { dialect: 'openai.chat', path: /\/chat\/completions$/, shown: '/chat/completions', prefix: '/v1' },
  { dialect: 'openai.responses', path: /\/responses$/, shown: '/responses', prefix: '/v1' },
  { dialect: 'openai.embeddings', path: /\/embeddings$/, shown: '/embeddings', prefix: '/v1' },
  { dialect: 'anthropic.messages', path: /\/messages$/, shown: '/messages', prefix: '/anthropic/v1' },
  {
    dialect: 'anthropic.count_tokens',
    path: /\/messages\/count_tokens$/,
    shown: '/messages/count_tokens',
    prefix: '/anthropic/v1',
  },
  {
    dialect: GEMINI,
    // Vercel's client leaves `models/` out before a name with a slash.
    path: /\/v1(?:beta|alpha)?\/(?:models\/)?([^]+):(\w+)$/,
    shown: '/v1beta/models/{model}:generateContent',
    prefix: '/gemini',
  },
  {
    dialect: 'bedrock.converse',
    path: /\/model\/([^]+)\/(converse|converse-stream)$/,
    shown: '/model/{model}/converse',
    prefix: '/bedrock',
  },
];

/** @throws PipelineError `invalid_request` for what no provider here can be asked in this way */
export function endpointOf(method: string, url: string): Endpoint {
  const { pathname } = new URL(url);
  for (const row of method === 'POST' ? ROWS : []) {
    const match = row.path.exec(pathname);
    if (match === null) continue;
    const [, model, verb = ''] = match;
    const dialect = typeof row.dialect === 'string' ? row.dialect : row.dialect.get(verb);
    if (dialect === undefined) break;
    return model === undefined ? { dialect } : { dialect, model: unescaped(model), stream: /stream/.test(verb) };
  }
  const served = ROWS.map(({ shown }) => `...${shown}`).join(', ');
  throw new PipelineError(
    'invalid_request',
    `${method} ${pathname} is not served by this client, which takes POST ${served}`,
    { code: 'unknown_endpoint' },
  );
}

/** Where a gateway serves what a vendor's SDK asks for at its own base URL, with the query. */
export function gatewayPath(url: string): string {
  const { pathname, search } = new URL(url);
  for (const { path, prefix } of ROWS) {
    const at = path.exec(pathname)?.index;
    if (at !== undefined) return prefix + pathname.slice(at) + search;
  }
  return pathname.slice(Math.max(0, pathname.indexOf('/v1/'))) + search;
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (cause) {
    const problem = 'the model in the path is not escaped as it should be';
    throw new PipelineError('invalid_request', problem, { code: 'invalid_field', param: 'model', cause });
  }
}
