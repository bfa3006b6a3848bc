import { assemble, checkPipeline, configFromObject, type ConfigInput } from '@x/config';
import { createLlmRequest, systemClock, Trail, TRAIL } from '@x/core';
import { createTelemetry } from '@x/telemetry';
import type { Ask } from '../calls/ask.ts';
import { toAttempt } from '../calls/attempt.ts';
import { createCalls } from '../calls/calls.ts';
import { costOf } from '../calls/cost.ts';
import type { ClientOptions } from '../client-options.ts';
import type { LocalClient } from '../client.ts';
import { toFetch } from '../fetch/fetch.ts';
import { governed } from './governed.ts';
import { sdkPipeline } from './pipeline.ts';

/** A client whose pipeline is in this process. @throws ConfigError that names every field at fault */
export function createLocalClient(config: ConfigInput, options: ClientOptions): LocalClient {
  const { env, transport, clock = systemClock, log } = options;
  const resolved = configFromObject(config, env);
  const governance = governed(resolved, { own: options.governance, clock });
  const telemetry = createTelemetry({ clock, log });
  const parts = assemble(resolved, { events: telemetry, ...(transport && { transport }) });
  const { timeoutMs, maxTimeoutMs } = resolved.server;
  const { resolveModel, defaultProviders } = parts;
  const handler = checkPipeline(sdkPipeline({ ...parts, telemetry, governance: governance.layers }));
  const ask: Ask = async (question, context) => {
    const { dialect } = question;
    const request = createLlmRequest({
      ...question,
      resolveModel: (name) => resolveModel(name, dialect),
      defaultProvider: defaultProviders[dialect],
    });
    const trail = new Trail();
    const response = await handler(request, context.with({}, TRAIL.of(trail)));
    return {
      response,
      attempts: () => trail.attempts.length,
      trail: () => trail.attempts.map(toAttempt),
      cost: () => costOf(trail.costNanoUsd),
    };
  };
  const close = async () => {
    await parts.close();
    await governance.close();
  };
  return {
    ...createCalls({ ask, clock, timeoutMs }),
    handler,
    fetch: toFetch(handler, { resolveModel, defaultProviders, timeoutMs, maxTimeoutMs, clock }),
    targets: parts.targets,
    describe: () => parts.describe(handler),
    close,
    [Symbol.asyncDispose]: close,
  };
}
