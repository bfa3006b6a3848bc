import type { Need } from '@x/test-servers';
import type { Stores } from './site/stores.ts';

/** One thing that was tried, and what came of it. */
export interface Finding {
  /** Under which circumstances, such as `PostgreSQL and Redis, 3 gateways`. */
  readonly where: string;
  /** Figures, in words. */
  readonly seen: string;
  /** Whether the claim held; undefined where it could not be tried here, which `seen` explains. */
  readonly holds: boolean | undefined;
}

/** What a proof runs on. */
export interface Surroundings {
  readonly stores: Stores;
}

/** One promise to operators, and how it is put to the test. */
export interface Proof {
  readonly name: string;
  readonly claim: string;
  /** What is done, for a reader who wants to know what a finding is worth. */
  readonly how: string;
  /** Servers without which there is nothing to try. */
  readonly needs: readonly Need[];
  /** All of it, as long as it takes. */
  full(surroundings: Surroundings): Promise<readonly Finding[]>;
  /** The same on a smaller scale, in some seconds. */
  short(surroundings: Surroundings): Promise<readonly Finding[]>;
}
