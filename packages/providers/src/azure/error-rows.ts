import type { ErrorRow } from '../errors/error-row.ts';

/** Azure OpenAI. Its 429s differ by their text alone. Source: the quota and troubleshooting pages of Microsoft Foundry, 2026. */
export const AZURE_ROWS: readonly ErrorRow[] = [
  { status: 429, message: /temporarily unable to process|experiencing high demand|no capacity/i, kind: 'overloaded' },
  {
    status: 429,
    message: /have been limited|rate limit is exceeded|exceeded .{0,80}rate limit/i,
    kind: 'rate_limited',
  },
  { code: 'DeploymentNotFound', kind: 'model_not_found' },
  { status: 400, message: /content management policy/i, kind: 'content_filter' },
  // An abuse suspension: only a support ticket ends it.
  { status: 403, message: /temporarily blocked/i, kind: 'permission' },
];
