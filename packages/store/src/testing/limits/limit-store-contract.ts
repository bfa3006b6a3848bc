import type { LimitStore } from '../../limits/limit-store.ts';
import { leaseCases } from './lease-cases.ts';
import { seedCases } from './seed-cases.ts';
import { settleCases } from './settle-cases.ts';
import { takeCases } from './take-cases.ts';
import { StoreBench } from './store-bench.ts';
import { windowCases } from './window-cases.ts';

/** A store under test. */
export interface LimitStoreSubject {
  /** A store in which the roots that this suite uses are unknown. It is used for one case, and closed. */
  readonly create: () => LimitStore | Promise<LimitStore>;
  /** Resolves when the store's clock has moved on by as many milliseconds: at once for a virtual clock. */
  readonly wait: (ms: number) => Promise<void>;
}

export interface LimitStoreCase {
  readonly name: string;
  /** Rejects when the store breaks this rule. */
  readonly run: () => Promise<void>;
}

/**
 * The rules that every {@link LimitStore} keeps, as cases for any test runner:
 * `for (const { name, run } of limitStoreContract(subject)) test(name, run)`.
 */
export function limitStoreContract(subject: LimitStoreSubject): LimitStoreCase[] {
  const cases = { ...takeCases, ...settleCases, ...leaseCases, ...seedCases, ...windowCases };
  return Object.entries(cases).map(([name, run]) => ({
    name,
    run: async () => {
      const store = await subject.create();
      try {
        await run(new StoreBench(store, subject.wait));
      } finally {
        await store.close();
      }
    },
  }));
}
