export { createMemoryLimitStore, type MemoryLimitStore } from './memory-limit-store.ts';
export type { MemoryLimitStoreOptions } from './options.ts';
