import { describe, test } from 'vitest';
import { policyOf } from '../errors/kinds.ts';
import { PipelineError } from '../errors/pipeline-error.ts';
import type { Middleware } from '../handler.ts';
import type { LlmRequest } from '../llm/request.ts';
import type { LlmResponse } from '../llm/response.ts';
import { contract } from './contract.ts';
import { chatRequest, chatStream } from './fakes.ts';

type Layer = Middleware<LlmRequest, LlmResponse>;

const passThrough: Layer = (next) => (request, context) => next(request, context);

/** Three tries, each after the wait that the error asks for: what a correct layer looks like. */
const retrying: Layer = (next) => async (request, context) => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await next(request, attempt === 1 ? context : context.with({ attempt }));
    } catch (error) {
      if (!PipelineError.isInstance(error) || policyOf(error.kind).sameLane === 'never' || attempt === 3) throw error;
      const ms = error.retryAfterMs ?? 100 * attempt;
      if (context.clock.now() + ms > (context.deadline ?? Infinity)) throw error;
      await context.clock.sleep(ms, context.signal);
    }
  }
};

for (const [name, layer] of Object.entries({ passThrough, retrying })) {
  describe(`${name} passes the suite`, () => {
    const subject = { layer: () => layer, request: () => chatRequest(), respond: () => chatStream() };
    for (const { name: rule, run } of contract<LlmRequest, LlmResponse>(subject)) test(rule, run);
  });
}
