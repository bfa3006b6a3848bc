import { Tally, type ProviderStats } from '../stats.ts';

interface KeyTallies {
  readonly all: Tally;
  readonly models: Map<string, Tally>;
}

/** The tallies of one provider: for all, for each key, and for each model of a key. */
export class ProviderTallies {
  readonly #all = new Tally();
  readonly #keys = new Map<string, KeyTallies>();

  /** Those that a request counts in. Without a key, the provider's alone. */
  of(key?: string, model?: string): readonly Tally[] {
    if (key === undefined) return [this.#all];
    let tallies = this.#keys.get(key);
    if (tallies === undefined) this.#keys.set(key, (tallies = { all: new Tally(), models: new Map() }));
    if (model === undefined) return [this.#all, tallies.all];
    let ofModel = tallies.models.get(model);
    if (ofModel === undefined) tallies.models.set(model, (ofModel = new Tally()));
    return [this.#all, tallies.all, ofModel];
  }

  stats(): ProviderStats {
    const keys = [...this.#keys].map(([name, { all, models }]) => [
      name,
      { ...all.counts(), models: Object.fromEntries([...models].map(([model, tally]) => [model, tally.counts()])) },
    ]);
    return { ...this.#all.counts(), keys: Object.fromEntries(keys) as ProviderStats['keys'] };
  }
}
