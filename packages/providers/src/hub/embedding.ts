/** A request for vectors in no dialect. */
export interface EmbeddingRequest {
  /** Each becomes one vector: texts, or lists of the model's own token ids. */
  readonly inputs: readonly EmbeddingInput[];
  /** How long the vectors are to be. */
  readonly dimensions: number | undefined;
  /** Whether they go back as numbers or as the bytes of 32-bit floats. */
  readonly encoding: 'float' | 'base64';
  /** What they are for. */
  readonly purpose: EmbeddingPurpose | undefined;
  /** Of a document, which some models read along. */
  readonly title: string | undefined;
  /** Who the end user is, as an opaque id. */
  readonly user: string | undefined;
}

export type EmbeddingInput = string | readonly number[];

export type EmbeddingPurpose = 'query' | 'document' | 'classification' | 'clustering' | 'similarity' | 'other';

/** One vector for each input, in their order. */
export type EmbeddingAnswer = readonly (readonly number[])[];
