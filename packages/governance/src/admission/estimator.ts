import { operationOf, requestSizeOf, totalOutput, type LlmRequest, type ModelPrice, type Usage } from '@x/core';
import type { Demand } from '@x/store';
import type { ProviderRules } from '../directory/provider-rules.ts';
import { answerUnseen, outputUnbounded, priceUnknown } from '../errors.ts';
import type { AdmissionSettings } from './admission-options.ts';
import { demandOf } from './estimate.ts';
import { LearnedOutput } from './learned-output.ts';

/** Of a request that takes from nothing that counts tokens or money. */
const ONE_REQUEST: Demand = { requests: 1, tokens: 0, cost: 0 };

/** Says what a request may cost, and learns what such requests did cost. */
export class Estimator {
  readonly #settings: AdmissionSettings;
  readonly #learned: LearnedOutput | undefined;

  constructor(settings: AdmissionSettings) {
    this.#settings = settings;
    this.#learned = settings.admission === 'expected' ? new LearnedOutput(settings.expectedPart) : undefined;
  }

  /** Undefined where there is none: it counts as free then. Counting tokens is free whatever the model. */
  priceOf({ target, dialect }: LlmRequest): ModelPrice | undefined {
    if (operationOf(dialect) === 'count_tokens') return undefined;
    const { findModel, unknownPrice } = this.#settings;
    return findModel(target)?.price ?? (typeof unknownPrice === 'object' ? unknownPrice : undefined);
  }

  /** @throws PipelineError `permission`, code `price_unknown`, `output_unbounded` or `answer_unseen` */
  demandOf(request: LlmRequest, rules: ProviderRules, virtualKey: string): Demand {
    const operation = operationOf(request.dialect);
    if ((!rules.countsTokens && !rules.countsCost) || operation === 'count_tokens') return ONE_REQUEST;
    const { unknownPrice, inputMargin, findModel } = this.#settings;
    const { target } = request;
    // The answer that comes back at once is a receipt; the work is done, and charged, after it.
    if (request.dialect === 'openai.responses' && request.body.value['background'] === true) throw answerUnseen(target);
    // Images, speech, files: what they cost does not follow from tokens.
    const price = operation === 'rest' ? undefined : this.priceOf(request);
    if (price === undefined && rules.countsCost && unknownPrice === 'reject') throw priceUnknown(target);
    if (operation === 'rest') return ONE_REQUEST;
    const demand = demandOf({
      size: requestSizeOf(request),
      facts: findModel(target),
      price,
      inputMargin,
      expectedOutput: this.#learned?.expected(target, virtualKey),
      hasOutput: operation === 'chat',
    });
    if (demand === undefined) throw outputUnbounded(target);
    return demand;
  }

  learn(request: LlmRequest, virtualKey: string | undefined, usage: Usage): void {
    if (this.#learned === undefined || operationOf(request.dialect) !== 'chat') return;
    this.#learned.learn(request.target, virtualKey, totalOutput(usage) / requestSizeOf(request).answers);
  }
}
