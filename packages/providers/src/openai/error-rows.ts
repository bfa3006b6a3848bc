import type { ErrorRow } from '../errors/error-row.ts';

/**
 * OpenAI. Sources: platform.openai.com error codes and rate limits guides (2026-09). `slow_down` comes as 429, and as 503 from
 * endpoints that have not changed yet; it asks this organisation to grow more slowly.
 */
export const OPENAI_ROWS: readonly ErrorRow[] = [
  { code: 'slow_down', kind: 'rate_limited' },
  { code: 'invalid_prompt', kind: 'content_filter' },
  { status: 403, code: 'unsupported_country_region_territory', kind: 'permission' },
];
