import type { Target } from '@x/core';
import { resumable, supportsPrefill } from '@x/providers';
import type { HoldOptions, ResumeOptions, TimeLimitsOptions } from '@x/streams';
import type { Config } from '../config.ts';
import { matchesModel } from '../match-model.ts';

/** Options of the layers that look after streams. */
export function streamOptions(
  config: Config,
  onResume: ResumeOptions['onResume'],
): { resume: ResumeOptions; hold: HoldOptions; timeLimits: TimeLimitsOptions } {
  const { firstTokenMs, idleMs, resume, maxRescues, maxResumeChars, hold, maxHoldBytes, routes } = config.streams;
  return {
    resume: {
      dialects: resumable,
      prefill: (target) => prefills(config, target),
      policy: resume,
      routes: pick(routes, 'resume'),
      maxRescues,
      maxChars: maxResumeChars,
      onResume,
    },
    hold: { policy: hold, routes: pick(routes, 'hold'), maxBytes: maxHoldBytes },
    timeLimits: { firstTokenMs, idleMs },
  };
}

function prefills({ providers }: Config, { provider, model }: Target): boolean {
  const configured = providers[provider];
  if (configured === undefined) return false;
  const { prefill, type } = configured;
  return prefill?.some((pattern) => matchesModel(pattern, model)) ?? supportsPrefill({ provider: type, model });
}

/** One policy of each route that has it. */
function pick<Name extends 'resume' | 'hold'>(
  routes: Config['streams']['routes'],
  name: Name,
): Record<string, NonNullable<Config['streams']['routes'][string][Name]>> {
  const picked: Record<string, NonNullable<Config['streams']['routes'][string][Name]>> = {};
  for (const [route, { [name]: policy }] of Object.entries(routes)) if (policy !== undefined) picked[route] = policy;
  return picked;
}
