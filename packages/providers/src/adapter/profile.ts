import type { ResetHeader } from '@x/core';
import type { ErrorRow } from '../errors/error-row.ts';
import type { HostQuirks } from '../dialects/quirks.ts';
import type { Surfaces } from './surface.ts';

/** What sets one provider apart from another. Data alone: the code is the same for all of them. */
export interface ProviderProfile {
  /** The dialects that it speaks. */
  readonly surfaces: Surfaces;
  /** The header that carries the key, and what stands before it. Undefined where requests are signed instead. */
  readonly auth: { readonly header: string; readonly prefix: string } | undefined;
  /** Sent with every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers of the caller that the provider understands, where the caller speaks its dialect. */
  readonly forward: readonly string[];
  readonly errors: readonly ErrorRow[];
  readonly resets: readonly ResetHeader[];
  readonly quirks: HostQuirks;
}
