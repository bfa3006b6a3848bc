import type { ErrorRow } from '../errors/error-row.ts';

/** More hosts, and servers of one's own, as far as they say otherwise than all. Sources: their error pages and sources, 2026. */

export const HUGGINGFACE_ROWS: readonly ErrorRow[] = [
  {
    status: 402,
    message: /monthly (?:included )?credits|included credits/i,
    kind: 'quota_exhausted',
    clears: 'next-month-utc',
  },
];

export const NEBIUS_ROWS: readonly ErrorRow[] = [{ status: 412, kind: 'authentication' }];

export const SAMBANOVA_ROWS: readonly ErrorRow[] = [
  { status: 429, message: /capacity|heavy (?:load|traffic)|overloaded/i, kind: 'overloaded' },
];

export const GITHUB_ROWS: readonly ErrorRow[] = [
  // The limit is in a header, and the hint of the answer is the time until it clears.
  { status: 429, header: { name: 'x-ratelimit-type', value: 'UserByModelByDay' }, kind: 'quota_exhausted' },
  { status: 429, message: /ByDay|per 86400s/i, kind: 'quota_exhausted' },
  { code: 'tokens_limit_reached', kind: 'context_length' },
  { code: ['unknown_model', 'unavailable_model'], kind: 'model_not_found' },
];

export const CLOUDFLARE_ROWS: readonly ErrorRow[] = [
  { code: ['3036', '4006'], kind: 'quota_exhausted', clears: 'next-day-utc' },
  { message: /daily free allocation/i, kind: 'quota_exhausted', clears: 'next-day-utc' },
  { code: '3040', kind: 'overloaded' },
  { message: /capacity temporarily exceeded|no more data centers/i, kind: 'overloaded' },
  { code: ['5007', '3042'], kind: 'model_not_found' },
  { message: /no such model/i, kind: 'model_not_found' },
  { code: ['5018', '5016', '3041'], kind: 'permission' },
  { code: ['3023', '10000'], kind: 'authentication' },
  { code: ['3007', '3008'], kind: 'timeout' },
  { code: '3006', kind: 'context_length' },
];

export const OLLAMA_ROWS: readonly ErrorRow[] = [
  { message: /maximum pending requests exceeded|server overloaded/i, kind: 'overloaded' },
  { message: /model .{0,200}not found|try pulling it first/i, kind: 'model_not_found' },
];

/** Errors inside a stream stand in the envelope of all others, so the rows that all share know them. */
export const VLLM_ROWS: readonly ErrorRow[] = [{ code: 'NotFoundError', kind: 'model_not_found' }];

export const SGLANG_ROWS: readonly ErrorRow[] = [
  // For streams it is the first event of a 200.
  { message: /request queue is full/i, kind: 'overloaded' },
  { message: /longer than the model's context length/i, kind: 'context_length' },
];

export const LMSTUDIO_ROWS: readonly ErrorRow[] = [
  { message: /greater than the context length/i, kind: 'context_length' },
  { message: /no models? loaded|failed to load model/i, kind: 'model_not_found' },
];

export const LLAMACPP_ROWS: readonly ErrorRow[] = [
  { code: 'exceed_context_size_error', kind: 'context_length' },
  { code: 'unavailable_error', kind: 'overloaded' },
];
