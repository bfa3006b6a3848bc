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
