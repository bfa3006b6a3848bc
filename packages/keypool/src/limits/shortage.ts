import type { PipelineError } from '@x/core';
import type { LimitProfile } from './profile.ts';

/** What a provider was out of. */
export type Shortage = 'requests' | 'tokens' | 'concurrency';

/** OpenRouter: in_flight_budget; DeepSeek and Anthropic: concurrent requests, connections. */
const CONCURRENCY = /concurren|in[-_ ]flight|simultaneous/i;
const TOKENS = /\btokens?\b|\bTPM\b/i;
const REQUESTS = /\brequests? per\b|\bRPM\b|\bRPD\b/i;

/** By the words of a refusal: most providers name what is short, and those that do not count requests. */
export function shortageOf({ message, upstream }: PipelineError, { charge }: LimitProfile): Shortage {
  if (charge === 'slot' || CONCURRENCY.test(message) || CONCURRENCY.test(upstream?.code ?? '')) return 'concurrency';
  return TOKENS.test(message) && !REQUESTS.test(message) ? 'tokens' : 'requests';
}

/** OpenAI: "in project proj_…", project_spend_limit_exceeded; Anthropic: a workspace's own limit. */
const NARROW = /\bproj(?:ect)?[_ -]|\bworkspace\b/i;

/**
 * Whether a refusal is about all keys of an organisation. OpenAI, Anthropic, Groq, Mistral and xAI limit organisations and teams, so
 * that is what a refusal means unless it names something narrower.
 */
export function isOrganisationWide({ message, code, upstream }: PipelineError): boolean {
  return ![message, code, upstream?.code].some((text) => text !== undefined && NARROW.test(text));
}
