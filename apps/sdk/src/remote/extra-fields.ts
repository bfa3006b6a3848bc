import type { AttemptRecord, JsonObject } from '@x/core';
import type { Attempt } from '../calls/attempt.ts';
import { costOf, type Cost } from '../calls/cost.ts';

/** What a gateway adds to OpenAI's bodies under `extra_fields`; in a stream, the cost alone. It has written it itself. */
interface ExtraFields {
  readonly attempts?: readonly {
    readonly provider: string;
    readonly model: string;
    readonly key?: string;
    readonly outcome: AttemptRecord['outcome'];
    readonly status?: number;
    readonly duration_ms: number;
  }[];
  readonly cost?: { readonly nano_usd: number };
}

function extraFieldsOf(body: JsonObject): ExtraFields {
  return (body['extra_fields'] ?? {}) as unknown as ExtraFields;
}

export function costIn(body: JsonObject): Cost | undefined {
  return costOf(extraFieldsOf(body).cost?.nano_usd);
}

export function trailIn(body: JsonObject): Attempt[] {
  const { attempts = [] } = extraFieldsOf(body);
  return attempts.map(({ provider, model, key, outcome, status, duration_ms: durationMs }) => ({
    provider,
    model,
    key,
    outcome,
    status,
    durationMs,
  }));
}
