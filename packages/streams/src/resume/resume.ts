import {
  abortReason,
  described,
  plainOptions,
  type Context,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
} from '@x/core';
import { RESUME_POLICIES, resolveResume, type ResumeOptions, type ResumeSettings } from '../options.ts';
import { policyFor } from '../route-policy.ts';
import { PrefillMemory } from './prefill-memory.ts';
import type { ResumableDialect } from './resumable-dialect.ts';
import { ResumedStream } from './resumed-stream.ts';

/** A caller that would rather have the error sends `x-gateway-resume: never`. */
const HEADER = 'x-gateway-resume';

/**
 * Goes on with a stream that breaks after its first bytes have reached the caller. Another target continues from the text so far, or
 * the request is sent again and its text compared, unseen, with what the caller has. Where neither helps, the stream fails as it
 * would have without this layer.
 * @throws TypeError or RangeError naming the option
 */
export function resume(options: ResumeOptions): Middleware<LlmRequest, LlmResponse> {
  const settings = resolveResume(options);
  const memory = new PrefillMemory(settings.maxRemembered);
  const choice = { header: HEADER, policies: RESUME_POLICIES, routes: settings.routes, policy: settings.policy };
  const layer: Middleware<LlmRequest, LlmResponse> = (next) => {
    async function resumed(request: LlmRequest, context: Context, dialect: ResumableDialect): Promise<LlmResponse> {
      const response = await next(request, context);
      return response.stream
        ? new ResumedStream({ settings, memory, dialect, next, request, context }, response).stream
        : response;
    }
    return function resume(request, context) {
      if (context.signal.aborted) return Promise.reject(abortReason(context.signal));
      if (!request.stream) return next(request, context);
      try {
        const dialect = policyFor(request, context, choice) === 'never' ? undefined : dialectOf(request, settings);
        return dialect === undefined ? next(request, context) : resumed(request, context, dialect);
      } catch (error) {
        return Promise.reject(error);
      }
    };
  };
  return described(layer, { name: 'resume', options: plainOptions(settings) });
}

function dialectOf({ dialect, body }: LlmRequest, { dialects }: ResumeSettings): ResumableDialect | undefined {
  const found = dialects(dialect);
  return found?.obstacle(body.value) === undefined ? found : undefined;
}
