import type { AnswerShare } from '../trail.ts';
import type { FindModel } from './model-facts.ts';
import { costOf } from './price.ts';
import type { LlmResponse } from './response.ts';

/**
 * The whole nano-USD that an answer cost, the parts of other targets in it included. Undefined where the usage or one of the prices
 * is not known. Failed calls are no answers.
 */
export function answerCost(
  find: FindModel,
  { target, usage }: Pick<LlmResponse, 'target' | 'usage'>,
  shares?: readonly AnswerShare[],
): number | undefined {
  if (shares === undefined) {
    const price = usage === undefined ? undefined : find(target)?.price;
    return price === undefined || usage === undefined ? undefined : costOf(price, usage);
  }
  let sum = 0;
  for (const share of shares) {
    const cost = answerCost(find, share);
    if (cost === undefined) return undefined;
    sum += cost;
  }
  return sum;
}
