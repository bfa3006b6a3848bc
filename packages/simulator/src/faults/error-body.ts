import { z } from 'zod';
import type { FaultSite } from './definition.ts';

/** Which error of the provider's stands inside a 200. */
export const errorName = z
  .enum(['overloaded', 'server_error', 'rate_limited', 'insufficient_quota'])
  .default('overloaded');

export function errorBody(name: z.output<typeof errorName>, site: FaultSite): Readonly<Record<string, unknown>> {
  switch (name) {
    case 'overloaded':
      return site.errors.overloaded(site).body;
    case 'server_error':
      return site.errors.serverError(site).body;
    case 'rate_limited':
      return site.errors.rateLimited(site).body;
    case 'insufficient_quota':
      return site.errors.insufficientQuota(site).body;
  }
}
