import { formatUsd, type Dialect, type LlmCompletion, type LlmResponse } from '@x/core';
import type { Exchange } from './exchange.ts';
import { withExtraFields } from './extra-fields.ts';
import { headerText } from './write-error.ts';

/** OpenAI's clients pass over members that they do not know. */
export const EXTENSIBLE: ReadonlySet<Dialect> = new Set<Dialect>([
  'openai.chat',
  'openai.responses',
  'openai.embeddings',
]);

/** Writes a whole answer. OpenAI bodies get our `extra_fields`; the headers say the same in every dialect. */
export function writeCompletion(exchange: Exchange, answer: LlmCompletion): void {
  const { body, target, dialect } = answer;
  const json = EXTENSIBLE.has(dialect) ? withExtraFields(body, exchange, target) : body.latin1;
  exchange.sendLatin1(200, json, answerHeaders(exchange, answer));
}

/** What adapters have to say to callers: members that a translation left out or changed. */
const NOTES = ['x-gateway-dropped', 'x-gateway-adjusted', 'x-gateway-estimated'] as const;

/**
 * Who answered, after how many calls, what it cost where that is known before the body is sent, and what the adapter has to say. A
 * provider's other headers speak of one key only.
 */
export function answerHeaders({ trail, limitHeaders }: Exchange, { target, headers: notes }: LlmResponse): string[] {
  const headers = [
    'x-gateway-provider',
    headerText(target.provider),
    'x-gateway-model',
    headerText(target.model),
    'x-gateway-attempts',
    String(trail.attempts.length),
  ];
  if (trail.costNanoUsd !== undefined) headers.push('x-gateway-cost-usd', formatUsd(trail.costNanoUsd));
  if (limitHeaders.length > 0) headers.push(...limitHeaders);
  for (const name of NOTES) {
    const value = notes[name];
    if (typeof value === 'string') headers.push(name, headerText(value));
  }
  return headers;
}
