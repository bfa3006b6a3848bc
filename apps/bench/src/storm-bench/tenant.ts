import { TENANT, type ContextEntry } from '@x/core';

/** Who asks, where the key pool looks for it. */
export function tenantEntries(tenant: string | undefined): readonly ContextEntry[] {
  return tenant === undefined ? [] : [TENANT.of(tenant)];
}
