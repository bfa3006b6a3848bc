import type { ChatRequest } from '../../../hub/request.ts';
import type { EncodeOptions } from '../../codec.ts';

/** Models that take an effort; the others answer it with a 400. */
const THINKS = /(?:^|\/)(?:o\d|gpt-[5-9]|gpt-oss)/;
/** OpenAI's own among them. They refuse `temperature` and `top_p`, and hand out their thoughts encrypted. */
const OPENAI_THINKS = /(?:^|\/)(?:o\d|gpt-[5-9])/;

/** Whether a model thinks, and shows no more of it than a summary. */
export function thinksInPrivate(model: string): boolean {
  return OPENAI_THINKS.test(model);
}

export interface Sampling {
  readonly temperature?: number;
  readonly top_p?: number;
  readonly effort?: string;
}

/** What an OpenAI model takes of it, in either of OpenAI's dialects; only the effort has another name in each. */
export function encodeSampling(
  { temperature, topP, effort }: ChatRequest,
  { model, notes }: Pick<EncodeOptions, 'model' | 'notes'>,
): Sampling {
  const fixed = thinksInPrivate(model);
  if (fixed && temperature !== undefined) notes.drop('temperature');
  if (fixed && topP !== undefined) notes.drop('top_p');
  const thinks = THINKS.test(model);
  if (effort !== undefined && !thinks) notes.drop('output_config.effort');
  return {
    ...(temperature === undefined || fixed ? undefined : { temperature }),
    ...(topP === undefined || fixed ? undefined : { top_p: topP }),
    // "max" is Anthropic's word for more than the highest level here.
    ...(effort !== undefined && thinks && { effort: effort === 'max' ? 'high' : effort }),
  };
}
