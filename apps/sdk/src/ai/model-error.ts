import { APICallError } from '@ai-sdk/provider';
import { PipelineError, toPipelineError, type Context, type Target } from '@x/core';
import { classify, findDefaults } from '@x/providers';

/** What a model of the AI SDK failed with, as layers know it: by the provider's own table where it answered. */
export function toModelError(thrown: unknown, target: Target, { clock }: Context): PipelineError {
  if (!APICallError.isInstance(thrown)) return toPipelineError(thrown);
  const { statusCode: status, responseHeaders: headers = {}, responseBody: body = '', message } = thrown;
  if (status === undefined) {
    return new PipelineError('network', message, { code: 'connection_failed', target, cause: thrown });
  }
  const { errors: rows = [], resets = [] } = findDefaults(target.provider) ?? {};
  const { provider } = target;
  const now = clock.now();
  const error = classify({ provider, target, status, headers, body, rows, resets, secret: undefined, now });
  const { kind, code, retryAfterMs, param, upstream } = error;
  return new PipelineError(kind, error.message, { code, retryAfterMs, param, target, upstream, cause: thrown });
}
