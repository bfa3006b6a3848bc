import { CHAIN, formatTarget, PipelineError, type Context, type LlmRequest } from '@x/core';

export interface PolicyChoice<Policy extends string> {
  /** In lower case. */
  readonly header: string;
  readonly policies: readonly Policy[];
  readonly routes: ReadonlyMap<string, Policy>;
  readonly policy: Policy;
}

/**
 * What a request wants: its own header wins over its route's policy, and that over the one for all.
 * @throws PipelineError `invalid_request` naming the header
 */
export function policyFor<Policy extends string>(
  request: LlmRequest,
  context: Context,
  { header, policies, routes, policy }: PolicyChoice<Policy>,
): Policy {
  const asked = request.headers[header];
  if (asked !== undefined) {
    const found = policies.find((each) => each === asked);
    if (found !== undefined) return found;
    throw new PipelineError('invalid_request', `${header} must be ${policies.join(' or ')}`, {
      code: 'invalid_field',
      param: header,
    });
  }
  if (routes.size === 0) return policy;
  // A fallback has another target; the route is the caller's.
  return routes.get(formatTarget(context.get(CHAIN)?.[0] ?? request.target)) ?? policy;
}
