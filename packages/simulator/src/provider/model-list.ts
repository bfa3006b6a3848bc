import { resolveModel } from '../config/parse-config.ts';
import type { ResolvedModel, ResolvedProvider } from '../config/resolved.ts';
import { createSampler, type Sampler } from '../engine/distribution.ts';

/** A model, and the numbers that its answers are drawn from. */
export interface ServedModel extends ResolvedModel {
  readonly firstTokenMs: Sampler;
  /** Undefined: all at once. */
  readonly tokensPerSecond: Sampler | undefined;
}

/** The models of one provider. Without a list, any name is one. */
export class ModelList {
  readonly #provider: ResolvedProvider;
  readonly #models = new Map<string, ServedModel>();

  constructor(provider: ResolvedProvider) {
    this.#provider = provider;
    for (const model of provider.models ?? []) this.#add(model);
  }

  get names(): readonly string[] {
    return [...this.#models.keys()].filter((name) => !name.startsWith('/'));
  }

  find(name: string): ServedModel | undefined {
    const model = this.#models.get(name);
    // What is asked for without a model has a slash in front, as no model has.
    const listed = this.#provider.models !== undefined && !name.startsWith('/');
    if (model !== undefined || listed) return model;
    return this.#add(resolveModel(name));
  }

  #add(model: ResolvedModel): ServedModel {
    const { firstTokenMs, tokensPerSecond } = model.latency ?? this.#provider.latency;
    const served = {
      ...model,
      firstTokenMs: createSampler(firstTokenMs),
      tokensPerSecond: tokensPerSecond === undefined ? undefined : createSampler(tokensPerSecond),
    };
    this.#models.set(model.name, served);
    return served;
  }
}
