export { periodFinder, type PeriodBounds, type PeriodFinder } from './limits/calendar-period.ts';
export type { CalendarPeriod, Demand, Limit, LimitState, Unit, Window } from './limits/limit.ts';
export type {
  AcquireOptions,
  Acquisition,
  ExpiredLease,
  Lease,
  LimitGroup,
  LimitStore,
  Seed,
  StoreHealth,
} from './limits/limit-store.ts';
export {
  GROUPINGS,
  type Grouping,
  type Ledger,
  type LedgerEntry,
  type LedgerOwner,
  type LedgerRow,
  type LedgerScope,
  type LedgerTotals,
  type UsageQuery,
  type UsageRow,
} from './durable/ledger.ts';
export {
  ENTITY_KINDS,
  type Actor,
  type AuditEntry,
  type AuditLog,
  type AuditQuery,
  type DurableStore,
  type Entity,
  type EntityChange,
  type EntityKind,
  type EntityStore,
  type LoggedRequest,
  type PutOptions,
  type RequestLog,
  type RequestLogQuery,
} from './durable/durable-store.ts';
export { createMemoryLimitStore, type MemoryLimitStore } from './memory/memory-limit-store.ts';
export type { MemoryLimitStoreOptions } from './memory/options.ts';
export type { Charge, RemoteLimitStore } from './limits/remote-limit-store.ts';
export { withOutagePolicy } from './outage/with-outage-policy.ts';
export type { OutageOptions, OutagePolicy } from './outage/options.ts';
