import { contextKey } from '@x/core';
import type { Tenant } from './directory/tenant.ts';

/** Who the request is for. `identify` sets it. Absent: nobody in particular, and nothing is limited. */
export const VIRTUAL_KEY = contextKey<Tenant>('virtual-key');
