import type { ErrorRow } from '../errors/error-row.ts';
import { GEMINI_ROWS } from '../gemini/error-rows.ts';

/** Google Vertex AI, which says most things as Gemini does. Source: cloud.google.com, error code 429 (2026-09). */
export const VERTEX_ROWS: readonly ErrorRow[] = [
  // The pool that all customers of a region share is empty: no other key helps, another region may.
  { status: 429, message: /resource exhausted, please try again later/i, kind: 'overloaded' },
  ...GEMINI_ROWS,
];
