import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4Middleware,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider';
import { CREDENTIAL, discard, onSettled, openRequest, PipelineError, type Targeted } from '@x/core';
import { folded, HOOK_DEFAULTS, type HookOptions, type Layers } from '../hooks/layers.ts';
import { finalError } from './final-error.ts';
import { committed } from './committed-stream.ts';
import { toModelError } from './model-error.ts';

/** One call of a model, as layers see it. */
export interface ModelCall extends Targeted {
  readonly type: 'generate' | 'stream';
  readonly model: LanguageModelV4;
  readonly params: LanguageModelV4CallOptions;
}

export type ModelAnswer = LanguageModelV4GenerateResult | LanguageModelV4StreamResult;

/**
 * Layers around any model of the AI SDK: `wrapLanguageModel({ model, middleware: toLanguageModelMiddleware([backoff()]) })`. The
 * target's provider is the first word of the model's, `openai` for `openai.chat`. What fails here is final for the AI SDK, whose own
 * retries would multiply with those of the layers.
 */
export function toLanguageModelMiddleware(
  layers: Layers<ModelCall, ModelAnswer>,
  options: HookOptions = {},
): LanguageModelV4Middleware {
  const { clock } = { ...HOOK_DEFAULTS, ...options };
  const { authorize = ({ value }) => ({ authorization: `Bearer ${value}` }) } = options;
  const handler = folded('toLanguageModelMiddleware', layers, async (call, context) => {
    const { model, params, type, target } = call;
    const credential = context.get(CREDENTIAL);
    const headers = { ...params.headers, ...(credential && authorize(credential)) };
    const options = { ...params, headers, abortSignal: context.signal };
    try {
      return type === 'generate' ? await model.doGenerate(options) : await committed(model.doStream(options));
    } catch (thrown) {
      throw toModelError(thrown, target, context);
    }
  });

  async function run<R extends ModelAnswer>(call: Omit<ModelCall, 'target'>): Promise<R> {
    const { model, params } = call;
    const { abortSignal: signal } = params;
    const scope = openRequest({ clock, ...(signal && { signal }) });
    try {
      const answer = await handler({ ...call, target: targetOf(model) }, scope.context);
      onSettled(answer, () => scope.close());
      if (signal?.aborted) await discard(answer);
      signal?.throwIfAborted();
      return answer as R;
    } catch (thrown) {
      scope.close();
      signal?.throwIfAborted();
      throw finalError(asItWas(thrown));
    }
  }

  return {
    specificationVersion: 'v4',
    wrapGenerate: ({ model, params }) => run({ type: 'generate', model, params }),
    wrapStream: ({ model, params }) => run({ type: 'stream', model, params }),
  };
}

function targetOf({ provider, modelId }: LanguageModelV4) {
  return { provider: provider.split('.', 1)[0] ?? provider, model: modelId };
}

/** The AI SDK's own error, where one is behind ours: callers know it. */
function asItWas(thrown: unknown): unknown {
  let at: unknown = thrown;
  while (PipelineError.isInstance(at) && at.cause !== undefined) at = at.cause;
  return at;
}
