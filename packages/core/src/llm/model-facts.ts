import type { Target } from '../target.ts';
import type { ModelPrice } from './price.ts';

/** What is known of one model at one provider before it is asked. Undefined where nobody knows. */
export interface ModelFacts {
  /** Tokens of prompt and answer together that fit. */
  readonly contextWindow?: number | undefined;
  /** Tokens that an answer has at most, reasoning among them. */
  readonly maxOutputTokens?: number | undefined;
  readonly price?: ModelPrice | undefined;
}

/** Looks a model up: in a catalogue, in a table, or in both. Cheap enough to ask for every request. Undefined for an unknown model. */
export type FindModel = (target: Target) => ModelFacts | undefined;
