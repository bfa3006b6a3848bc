import { abortReason, CHAIN, discard, PipelineError, type LlmRequest, type LlmStream, type Target } from '@x/core';
import type { ResumeInit } from './resume-init.ts';
import type { Rescue } from './rescue-plan.ts';

/** Calls the rest of the pipeline again, for as long as the resumed stream lives. */
export class RescueCall {
  readonly #init: ResumeInit;
  readonly #controller = new AbortController();

  constructor(init: ResumeInit) {
    this.#init = init;
    const { signal } = init.context;
    if (signal.aborted) this.handleEvent();
    else signal.addEventListener('abort', this, { once: true });
  }

  /** The caller leaves, or its time is up. */
  handleEvent(): void {
    this.#controller.abort(abortReason(this.#init.context.signal));
  }

  /** Nothing of it is wanted any more. */
  close(reason: unknown): void {
    this.release();
    this.#controller.abort(reason ?? new PipelineError('cancelled', 'the stream was closed before its end'));
  }

  release(): void {
    this.#init.context.signal.removeEventListener('abort', this);
  }

  /** @throws what the pipeline rejects with */
  async ask({ chain }: Rescue, request: LlmRequest): Promise<LlmStream> {
    const { next, context } = this.#init;
    const { signal } = this.#controller;
    const [target] = chain as readonly [Target, ...Target[]];
    const response = await next(
      { ...request, target, fallbacks: chain.slice(1) },
      context.with({ signal }, CHAIN.of(chain)),
    );
    if (signal.aborted) {
      await discard(response, signal.reason);
      throw abortReason(signal);
    }
    if (response.stream) return response;
    throw new PipelineError('server_error', 'answered a request for a stream with a whole answer', {
      code: 'invalid_answer',
      target: response.target,
    });
  }
}
