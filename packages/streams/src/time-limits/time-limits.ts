import {
  abortReason,
  described,
  plainOptions,
  TARGETS_LEFT,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
} from '@x/core';
import { HELD } from '../held.ts';
import { resolveTimeLimits, TIME_LIMITS_DEFAULTS, type TimeLimitsOptions } from '../options.ts';
import { commitLimit } from './commit-limit.ts';
import { TimedCall } from './timed-call.ts';

/**
 * Bounds one upstream call in time: to its first content, to its share of what is left until the deadline, and between the events
 * of a stream. What takes longer is aborted upstream.
 * @throws TypeError or RangeError naming the option
 */
export function timeLimits(options: TimeLimitsOptions = {}): Middleware<LlmRequest, LlmResponse> {
  const settings = resolveTimeLimits(options);
  const layer: Middleware<LlmRequest, LlmResponse> = (next) =>
    function timeLimits(request, context) {
      if (context.signal.aborted) return Promise.reject(abortReason(context.signal));
      const { stream } = request;
      const targetsLeft = context.get(TARGETS_LEFT) ?? 0;
      // The deadline of a whole answer is the signal's to keep, and nothing else bounds the last target.
      if (!stream && targetsLeft <= 0) return next(request, context);
      const { clock, deadline } = context;
      const ask = { now: clock.now(), deadline, targetsLeft, stream };
      const limit = commitLimit(ask, settings);
      const endLimit = commitLimit(
        { ...ask, stream: false, targetsLeft: context.get(HELD) ? targetsLeft : 0 },
        settings,
      );
      if (limit.at === Infinity && (!stream || settings.idleMs === Infinity)) return next(request, context);
      const { idleMs, onSilent } = settings;
      return new TimedCall({ request, context, limit, endLimit, idleMs, onSilent: stream ? onSilent : undefined }).run(
        next,
      );
    };
  return described(layer, { name: 'timeLimits', options: plainOptions({ ...TIME_LIMITS_DEFAULTS, ...options }) });
}
