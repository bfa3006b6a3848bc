export { createGovernance, Governance, type GovernanceHealth } from './governance.ts';
export { GOVERNANCE_DEFAULTS, type GovernanceOptions } from './options.ts';
export {
  ADMISSION_DEFAULTS,
  type AdmissionMode,
  type AdmissionOptions,
  type UnknownPrice,
} from './admission/admission-options.ts';
export type { LedgerPolicy } from './accounting/ledger-writer.ts';
export type { AnonymousPolicy } from './identity/identify.ts';
export { VIRTUAL_KEY } from './keys.ts';
export type { Tenant } from './directory/tenant.ts';
export { GOVERNANCE_NOTES, GovernanceNotes, tenantIdOf } from './notes/notes.ts';
export { rateLimitHeaders, type RateLimit, type RateLimits } from './notes/rate-limits.ts';
export { LimitRefusedError } from './errors.ts';
export type { Admin } from './admin/admin.ts';
export type { ChangeOptions, CreateOptions, EntityAdmin, ListQuery } from './admin/entity-admin.ts';
export type { LimitAdmin, LimitView, ResetOptions } from './admin/limit-admin.ts';
export type { CreatedVirtualKey, RotateOptions, VirtualKeyAdmin } from './admin/virtual-key-admin.ts';
export type { EntityView, VirtualKeyData } from './admin/views.ts';
export { usageQuerySchema } from './admin/usage-query.ts';
export { parseAs } from './entities/parse.ts';
export {
  configuredKeySchema,
  customerSchema,
  idSchema,
  teamSchema,
  virtualKeyInputSchema,
  type Customer,
  type CustomerInput,
  type Team,
  type TeamInput,
  type VirtualKey,
  type VirtualKeyInput,
} from './entities/entities.ts';
export { ownedEntitiesSchema, type OwnedEntities } from './owned-entities.ts';
export { UNGOVERNED, type GovernanceLayers } from './ungoverned.ts';
