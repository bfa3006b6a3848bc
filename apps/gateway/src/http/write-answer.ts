import type { AttemptRecord, JsonObject, LlmCompletion, LlmResponse } from '@x/core';
import type { Exchange } from './exchange.ts';
import { headerText } from './write-error.ts';

/** Writes a whole answer. OpenAI bodies get our `extra_fields` spliced in; the headers say the same in every dialect. */
export function writeCompletion(exchange: Exchange, answer: LlmCompletion): void {
  const body =
    answer.dialect === 'openai.chat'
      ? answer.body.edit({ extra_fields: extraFields(exchange, answer) })
      : answer.body.bytes;
  exchange.sendJson(200, body, answerHeaders(exchange, answer));
}

/** What adapters have to say to callers: members that a translation left out or changed. */
const NOTES = ['x-gateway-dropped', 'x-gateway-adjusted'] as const;

/** Who answered, after how many calls, and what the adapter has to say. A provider's other headers speak of one key only. */
export function answerHeaders({ trail }: Exchange, { target, headers: notes }: LlmResponse): string[] {
  const headers = [
    'x-gateway-provider',
    headerText(target.provider),
    'x-gateway-model',
    headerText(target.model),
    'x-gateway-attempts',
    String(trail.attempts.length),
  ];
  for (const name of NOTES) {
    const value = notes[name];
    if (typeof value === 'string') headers.push(name, headerText(value));
  }
  return headers;
}

function extraFields({ trail, clock, startedAt, id }: Exchange, { target }: LlmResponse): JsonObject {
  return {
    provider: target.provider,
    model: target.model,
    attempts: trail.attempts.map(attemptFields),
    latency_ms: rounded(clock.now() - startedAt),
    waited_ms: rounded(trail.waitedMs),
    request_id: id,
  };
}

function attemptFields({ target, key, outcome, status, durationMs }: AttemptRecord): JsonObject {
  return { provider: target.provider, model: target.model, key, outcome, status, duration_ms: rounded(durationMs) };
}

/** To the tenth of a millisecond. */
function rounded(ms: number): number {
  return Math.round(ms * 10) / 10;
}
