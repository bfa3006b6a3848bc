import type { MemoryLimitStore } from '@x/store/memory';

type Calls = 'acquire' | 'settle' | 'renew' | 'sweep' | 'seed' | 'read' | 'reset' | 'leases';

const REMOTE: ReadonlySet<unknown> = new Set<Calls>([
  'acquire',
  'settle',
  'renew',
  'sweep',
  'seed',
  'read',
  'reset',
  'leases',
]);

/** The same counters, asked as a remote store is. */
export function remote(store: MemoryLimitStore): MemoryLimitStore {
  return wrapped(store, (name, call) => (REMOTE.has(name) ? async (...args) => call(...args) : call));
}

/** The same counters for a process that dies before it settles anything. */
export function withoutSettling(store: MemoryLimitStore): MemoryLimitStore {
  return wrapped(store, (name, call) => (name === 'settle' ? () => undefined : call));
}

type Call = (...args: unknown[]) => unknown;

function wrapped(store: MemoryLimitStore, change: (name: unknown, call: Call) => Call): MemoryLimitStore {
  return new Proxy(store, {
    get: (of, name) => {
      const member: unknown = Reflect.get(of, name, of);
      return typeof member === 'function' ? change(name, member.bind(of) as Call) : member;
    },
  });
}
