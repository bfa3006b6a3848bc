import { describeProviders } from './describe-providers.ts';
import {
  described,
  PipelineError,
  wrongOption,
  type Context,
  type Handler,
  type LlmRequest,
  type LlmResponse,
} from '@x/core';
import type { Adapter } from './adapter/adapter.ts';

/**
 * A terminal handler that calls the handler of the request's provider.
 * @throws PipelineError `invalid_request` with code `unknown_provider` for a provider that is not among them
 */
export function providers(handlers: Readonly<Record<string, Handler<LlmRequest, LlmResponse> | Adapter>>): Adapter {
  if (typeof handlers !== 'object' || handlers === null)
    throw wrongOption('providers: handlers', handlers, 'an object');
  const byName = new Map(Object.entries(handlers));
  if (byName.size === 0) throw new TypeError('providers: give at least one handler');
  for (const [name, handler] of byName) {
    if (typeof handler !== 'function')
      throw new TypeError(`providers: ${name} must be a handler, got ${typeof handler}`);
  }
  function providers(request: LlmRequest, context: Context): Promise<LlmResponse> {
    const { provider } = request.target;
    const handler = byName.get(provider);
    return handler ? handler(request, context) : Promise.reject(unknownProvider(request, [...byName.keys()]));
  }
  // A handler of one's own that does not say is asked.
  const serves = (request: LlmRequest) => {
    const handler = byName.get(request.target.provider);
    return handler === undefined || !('serves' in handler) || handler.serves(request);
  };
  return described(Object.assign(providers, { serves }), describeProviders(byName));
}

function unknownProvider({ target }: LlmRequest, known: readonly string[]): PipelineError {
  const message = `unknown provider "${target.provider}"; there are ${known.join(', ')}`;
  return new PipelineError('invalid_request', message, { code: 'unknown_provider', param: 'model', target });
}
