import type { Context } from '../context.ts';
import { throwIfAborted } from '../errors/abort.ts';
import type { Handler } from '../handler.ts';

/** One call that a {@link ScriptedHandler} saw. */
export interface ScriptedCall<Req> {
  readonly request: Req;
  readonly context: Context;
  /** The clock's time when it came. */
  readonly at: number;
}

/** A value to answer with, an error to reject with, or a function that does either. */
export type ScriptStep<Req, Res> = Res | Error | ((request: Req, context: Context) => Res | Promise<Res>);

export interface ScriptedHandler<Req, Res> extends Handler<Req, Res> {
  readonly calls: readonly ScriptedCall<Req>[];
}

/**
 * A terminal handler that plays `steps` one by one, the last of them for ever, and remembers who called it.
 * Like a real one it refuses to work for a caller that has left.
 */
export function scripted<Req, Res>(...steps: readonly ScriptStep<Req, Res>[]): ScriptedHandler<Req, Res> {
  if (steps.length === 0) throw new TypeError('scripted: give at least one step');
  const calls: ScriptedCall<Req>[] = [];
  const handler = async (request: Req, context: Context): Promise<Res> => {
    throwIfAborted(context.signal);
    const step = steps[Math.min(calls.length, steps.length - 1)] as ScriptStep<Req, Res>;
    calls.push({ request, context, at: context.clock.now() });
    if (step instanceof Error) throw step;
    return typeof step === 'function'
      ? await (step as (request: Req, context: Context) => Res | Promise<Res>)(request, context)
      : step;
  };
  return Object.assign(handler, { calls });
}
