import {
  CHAIN,
  formatTarget,
  toPipelineError,
  type LlmRequest,
  type LlmStream,
  type PipelineError,
  type Target,
} from '@x/core';
import { notResumed } from './may-resume.ts';
import { RescueCall } from './rescue-call.ts';
import { RescuePlan, type Rescue } from './rescue-plan.ts';
import type { ResumeInit } from './resume-init.ts';
import { ContinueSeam, ReplaySeam, type Seam } from './seam.ts';

/** Somebody who goes on. */
export interface Rescued {
  readonly stream: LlmStream;
  readonly seam: Seam;
  readonly mode: Rescue['mode'];
}

/** Finds somebody for the rest of an answer, and remembers who was tried. */
export class Rescuer {
  readonly #init: ResumeInit;
  readonly #plan: RescuePlan;
  readonly #call: RescueCall;
  #from: Target;
  #error: PipelineError | undefined;
  #why = 'nobody else can be asked';

  constructor(init: ResumeInit) {
    const { request, context, settings, memory } = init;
    this.#init = init;
    this.#from = request.target;
    this.#call = new RescueCall(init);
    this.#plan = new RescuePlan({
      chain: context.get(CHAIN) ?? [request.target, ...request.fallbacks],
      maxRescues: settings.maxRescues,
      prefill: (target) => settings.prefill(target) && !memory.refuses(target, context.clock.now()),
    });
  }

  broke(target: Target, error: PipelineError): void {
    this.#from = target;
    this.#error = error;
    this.#plan.broke(target);
  }

  /** What `target` says is not what the caller has. Asked to go on, it began anew. */
  differs(target: Target, mode: Rescue['mode']): void {
    this.#why = `what ${formatTarget(target)} says differs from what was said`;
    this.#plan.differs(target);
    if (mode === 'continue') this.#forgo(target);
  }

  /** @throws the break that began it, when nobody can go on */
  async next(text: string, { mayContinue }: { readonly mayContinue: boolean }): Promise<Rescued> {
    const said = text.trimEnd();
    const body = said === '' || !mayContinue ? undefined : this.#init.dialect.continued(this.#init.request.body, said);
    for (;;) {
      const rescue = this.#plan.next(body !== undefined);
      if (rescue === undefined) throw this.#broken();
      const { request } = this.#init;
      const asked = rescue.mode === 'continue' && body !== undefined ? { ...request, body } : request;
      const stream = await this.#ask(rescue, asked);
      if (stream === undefined) continue;
      const seam = rescue.mode === 'continue' ? new ContinueSeam(text) : new ReplaySeam(text);
      return { stream, seam, mode: rescue.mode };
    }
  }

  async #ask(rescue: Rescue, request: LlmRequest): Promise<LlmStream | undefined> {
    const { context, settings } = this.#init;
    const [to = request.target] = rescue.chain;
    const { mode } = rescue;
    settings.onResume?.({ id: context.id, from: this.#from, to, mode, error: this.#broken() });
    try {
      return await this.#call.ask(rescue, request);
    } catch (thrown) {
      const error = toPipelineError(thrown);
      if (context.signal.aborted || error.kind === 'cancelled') throw error;
      this.#refused(rescue, error);
      return undefined;
    }
  }

  #refused(rescue: Rescue, error: PipelineError): void {
    this.#why = error.message;
    const { kind, target = rescue.chain[0] as Target } = error;
    if (kind !== 'invalid_request') this.#plan.failed(rescue);
    else if (rescue.mode === 'replay') this.#plan.differs(target);
    else {
      this.#forgo(target);
      this.#plan.refused(target);
    }
  }

  #forgo(target: Target): void {
    this.#init.memory.add(target, this.#init.context.clock.now());
  }

  #broken(): PipelineError {
    return notResumed(this.#error as PipelineError, this.#why);
  }

  release(): void {
    this.#call.release();
  }

  close(reason: unknown): void {
    this.#call.close(reason);
  }
}
