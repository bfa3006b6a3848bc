import { PipelineError, type Dialect } from '@x/core';

/** What the vendors' SDKs ask for, by the end of the path, so that any base URL that they were given will do. */
const DIALECTS: Readonly<Record<string, Dialect>> = {
  '/chat/completions': 'openai.chat',
  '/messages': 'anthropic.messages',
};

/** @throws PipelineError `invalid_request` for what no provider here can be asked in this way */
export function dialectOf(method: string, url: string): Dialect {
  const { pathname } = new URL(url);
  const suffix = Object.keys(DIALECTS).find((end) => pathname.endsWith(end));
  const dialect = suffix === undefined ? undefined : DIALECTS[suffix];
  if (method === 'POST' && dialect !== undefined) return dialect;
  const served = Object.keys(DIALECTS)
    .map((end) => `POST ...${end}`)
    .join(' and ');
  throw new PipelineError(
    'invalid_request',
    `${method} ${pathname} is not served by this client, which takes ${served}`,
    {
      code: 'unknown_endpoint',
    },
  );
}
