import { PipelineError, type Dialect } from '@x/core';

/** What a vendor's SDK asks for, as far as the path tells it. */
export interface Endpoint {
  readonly dialect: Dialect;
  /** Whose models a bare name such as `gpt-4o-mini` means, if such a provider is configured. */
  readonly provider: string;
}

/** By the end of the path, so that any base URL that an SDK was given will do. */
const ENDPOINTS: readonly [suffix: string, endpoint: Endpoint][] = [
  ['/chat/completions', { dialect: 'openai.chat', provider: 'openai' }],
  ['/messages', { dialect: 'anthropic.messages', provider: 'anthropic' }],
];

/** @throws PipelineError `invalid_request` for what no provider here can be asked in this way */
export function endpointOf(method: string, url: string): Endpoint {
  const { pathname } = new URL(url);
  const found = ENDPOINTS.find(([suffix]) => pathname.endsWith(suffix));
  if (method === 'POST' && found !== undefined) return found[1];
  const served = ENDPOINTS.map(([suffix]) => `POST ...${suffix}`).join(' and ');
  throw new PipelineError(
    'invalid_request',
    `${method} ${pathname} is not served by this client, which takes ${served}`,
    {
      code: 'unknown_endpoint',
    },
  );
}
