import { ANY_KEY_NAME } from '../config/checks.ts';
import type { ResolvedKey } from '../config/resolved.ts';

const ANY_KEY: ResolvedKey = {
  name: ANY_KEY_NAME,
  value: '',
  limits: {},
  quotaGroup: ANY_KEY_NAME,
  state: 'active',
  models: undefined,
};

/** Finds the key that a caller presents. */
export class KeyRing {
  readonly #byValue: ReadonlyMap<string, ResolvedKey> | undefined;

  constructor(keys: readonly ResolvedKey[] | undefined) {
    this.#byValue = keys && new Map(keys.map((key) => [key.value, key]));
  }

  find(value: string): ResolvedKey | undefined {
    return this.#byValue === undefined ? ANY_KEY : this.#byValue.get(value);
  }
}
