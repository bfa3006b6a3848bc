import { PipelineError } from '@x/core';
import { findEndpoint } from '@x/providers';
import { pathOf } from '../routes.ts';

/** What the address of a request says that is handed on. */
export interface RestPlace {
  /** The first step of its path: `files`. */
  readonly endpoint: string;
  /** What is made there stays with the account that it was made with. */
  readonly keeps: boolean;
  /** Below a provider's base URL, without what is ours. */
  readonly path: string;
  /** The provider that the address names. */
  readonly provider: string | undefined;
}

/** `/v1/`, then steps of unreserved characters, escapes, and those that ids and names hold. */
const PATH = /^\/v1(\/([\w-]+)(?:\/[\w.~:@!$&'()*+,=%-]+)*)$/;

/** A step that leads elsewhere once it is unescaped, as proxies and servers do. */
const ELSEWHERE = /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)|%2f|%5c|%00/i;

/** @throws PipelineError `not_found` for what is not handed on */
export function restPlace(url: string): RestPlace {
  const query = url.indexOf('?');
  const path = pathOf(url);
  const [, below = '', endpoint = ''] = PATH.exec(path) ?? [];
  const traits = findEndpoint(endpoint);
  if (traits === undefined || ELSEWHERE.test(below)) {
    throw new PipelineError('invalid_request', `there is nothing at ${path}`, { code: 'not_found' });
  }
  const params = new URLSearchParams(query === -1 ? '' : url.slice(query + 1));
  const provider = params.get('provider') ?? undefined;
  params.delete('provider');
  const rest = params.size === 0 ? '' : `?${params.toString()}`;
  return { endpoint, keeps: traits.keeps, path: below + rest, provider };
}
