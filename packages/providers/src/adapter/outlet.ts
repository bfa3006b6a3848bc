import type { LlmRequest } from '@x/core';
import type { DialectCodec } from '../dialects/codec.ts';
import { codec } from '../dialects/lookup.ts';
import type { HostQuirks } from '../dialects/quirks.ts';
import type { ProviderProfile } from './profile.ts';
import type { Surface } from './surface.ts';

/** A surface that can be called. */
export interface Outlet extends Surface {
  readonly native: DialectCodec;
  readonly quirks: HostQuirks;
  urlOf(request: LlmRequest): string;
}

/** All that a provider speaks, in its own order. `baseURL` ends in no slash. */
export function openOutlets({ surfaces, quirks }: ProviderProfile, baseURL: string): readonly [Outlet, ...Outlet[]] {
  const open = (surface: Surface): Outlet => ({
    ...surface,
    native: codec(surface.dialect),
    quirks,
    urlOf: urlsOf(surface, baseURL),
  });
  const [first, ...others] = surfaces;
  return [open(first), ...others.map(open)];
}

/** Where a request goes. One text for all of them at most providers. */
function urlsOf({ path }: Surface, baseURL: string): Outlet['urlOf'] {
  if (typeof path === 'function') return ({ target, stream }) => baseURL + path(target.model, stream);
  const url = baseURL + path;
  return () => url;
}
