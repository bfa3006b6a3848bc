import type { FindModel, ModelPrice } from '@x/core';

/** What is reserved for an answer whose length nobody knows yet. */
export type AdmissionMode =
  /** The worst case: as many tokens as the request allows, or the model can write. A budget is never overspent. */
  | 'strict'
  /** What most answers of the model, and of the virtual key, stay within. Reserves less; a budget may be overspent by what answers in flight have beyond it. */
  | 'expected';

/** What to do where a budget has to be kept and nobody knows what the model costs. */
export type UnknownPrice =
  /** The request is refused. */
  | 'reject'
  /** It counts as free. */
  | 'allow'
  /** It counts at this price. */
  | ModelPrice;

export interface AdmissionOptions {
  /** `strict` reserves the worst case of each answer, `expected` what most answers stay within. @default 'strict' */
  readonly admission?: AdmissionMode | undefined;
  /** Part of the answers that `expected` stays within, between 0 and 1. @default 0.95 */
  readonly expectedPart?: number | undefined;
  /** Where a budget has to be kept and nobody knows what the model costs: `reject`, `allow`, or a price. @default 'reject' */
  readonly unknownPrice?: UnknownPrice | undefined;
  /**
   * How many times as long as estimated a prompt is taken to be. The estimate is off by a third on unusual text.
   * @default 1.5
   */
  readonly inputMargin?: number | undefined;
  /** What is known of models: their prices, and how long their answers become. @default nothing is known */
  readonly findModel?: FindModel | undefined;
}

export const ADMISSION_DEFAULTS = {
  admission: 'strict',
  expectedPart: 0.95,
  unknownPrice: 'reject',
  inputMargin: 1.5,
} as const satisfies AdmissionOptions;

export interface AdmissionSettings {
  readonly admission: AdmissionMode;
  readonly expectedPart: number;
  readonly unknownPrice: UnknownPrice;
  readonly inputMargin: number;
  readonly findModel: FindModel;
}

/** @throws TypeError or RangeError naming the option */
export function resolveAdmission(options: AdmissionOptions): AdmissionSettings {
  const {
    admission = ADMISSION_DEFAULTS.admission,
    expectedPart = ADMISSION_DEFAULTS.expectedPart,
    unknownPrice = ADMISSION_DEFAULTS.unknownPrice,
    inputMargin = ADMISSION_DEFAULTS.inputMargin,
    findModel = () => undefined,
  } = options;
  if (admission !== 'strict' && admission !== 'expected') {
    throw new TypeError(`governance: admission must be strict or expected, got ${JSON.stringify(admission)}`);
  }
  if (!(expectedPart > 0 && expectedPart < 1)) {
    throw new RangeError(`governance: expectedPart must be between 0 and 1, got ${String(expectedPart)}`);
  }
  if (!(inputMargin >= 1 && inputMargin <= 100)) {
    throw new RangeError(`governance: inputMargin must be from 1 to 100, got ${String(inputMargin)}`);
  }
  if (unknownPrice !== 'reject' && unknownPrice !== 'allow' && typeof unknownPrice !== 'object') {
    throw new TypeError(
      `governance: unknownPrice must be reject, allow or a price, got ${JSON.stringify(unknownPrice)}`,
    );
  }
  if (typeof findModel !== 'function') throw new TypeError('governance: findModel must be a function');
  return { admission, expectedPart, unknownPrice, inputMargin, findModel };
}
