import { answerCost, type FindModel, type LlmStream, type StreamEvent } from '@x/core';
import type { Exchange } from './exchange.ts';
import { costFields } from './extra-fields.ts';

/** The end of a frame that is a JSON object. */
const OBJECT_END = /\}(\r?\n\r?\n)$/;

/**
 * Frames of one stream, as they are written: where an event of OpenAI's counts the tokens and says nothing else, it says in `extra_fields`
 * what they cost. Clients pass over members that they do not know; events of other dialects are not touched.
 */
export class CostedFrames {
  readonly #findModel: FindModel;
  readonly #stream: LlmStream;
  readonly #exchange: Exchange;

  constructor(findModel: FindModel, stream: LlmStream, exchange: Exchange) {
    this.#findModel = findModel;
    this.#stream = stream;
    this.#exchange = exchange;
  }

  frame({ frame, parts }: StreamEvent): string {
    for (const part of parts) {
      if (part.type === 'usage') continue;
      // Hosts that count in every chunk are priced in the last one alone.
      if (part.type !== 'finish' && part.type !== 'start') return frame;
    }
    const usage = parts.findLast((part) => part.type === 'usage')?.usage;
    if (usage === undefined || frame.includes('"extra_fields"')) return frame;
    const { target } = this.#stream;
    const cost = answerCost(this.#findModel, { target, usage }, this.#exchange.trail.shares);
    return cost === undefined
      ? frame
      : frame.replace(OBJECT_END, (_, end) => `,"extra_fields":{${costFields(cost)}}}${end}`);
  }
}
