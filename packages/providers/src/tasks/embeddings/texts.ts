import type { HttpHeaders, Usage } from '@x/core';
import { NO_USAGE } from '@x/core';
import type { EmbeddingRequest } from '../../hub/embedding.ts';
import { unsupportedField } from '../../json/expect.ts';
import { countOf, listOf } from '../../json/read.ts';

/** The inputs, for a provider that takes texts alone: token ids mean something to one model only. @throws PipelineError that names `input` */
export function textsOf({ inputs }: EmbeddingRequest): readonly string[] {
  return inputs.map((input, index) => {
    if (typeof input === 'string') return input;
    throw unsupportedField(`input[${index}]`, 'it takes texts, and no token ids');
  });
}

/** A vector as a provider sent it: what is no number counts as none. */
export function vectorOf(value: unknown): readonly number[] {
  return listOf(value).map((each) => (typeof each === 'number' && Number.isFinite(each) ? each : 0));
}

/** Embeddings cost what they read. Undefined where nothing was told. */
export function inputUsage(tokens: unknown): Usage | undefined {
  return tokens === undefined || tokens === null ? undefined : { ...NO_USAGE, inputTokens: countOf(tokens) };
}

/** A count that stands in a header. */
export function countInHeader(headers: HttpHeaders, name: string): number | undefined {
  const value = headers[name];
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}
