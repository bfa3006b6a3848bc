import type { ErrorKind } from '@x/core';

/**
 * One way in which a provider says no, as data. Conditions that are given must all hold; the first row that matches decides.
 * A row without a status also applies to errors that arrive inside a stream, where there is none.
 */
export interface ErrorRow {
  readonly kind: ErrorKind;
  /** Only these HTTP statuses. An error inside a stream has none unless its body names one, and is then not held to it. */
  readonly status?: number | readonly number[];
  /** Any of the machine-readable names in the body: code, type, status, or a detail's reason. */
  readonly code?: string | readonly string[] | RegExp;
  /** In the message for people. */
  readonly message?: RegExp;
  /** A response header with exactly this value. */
  readonly header?: { readonly name: string; readonly value: string };
  /** When it clears, where that is known better than from any hint in the answer. */
  readonly clears?: ClearingMoment;
}

/** `by-hand`: only a person can help, so a hint to come back soon means nothing. */
export type ClearingMoment = 'by-hand' | 'next-day-utc' | 'next-day-pacific' | 'next-month-utc' | 'date-in-message';
