import { pipeline, systemClock, type Clock, type Credential, type Handler, type Middleware } from '@x/core';

export interface HookOptions {
  /** Where time and chance come from. @default systemClock */
  clock?: Clock;
  /** Headers that say who asks, where a key pool among the layers has chosen. @default as the SDK's vendor has them */
  authorize?: (credential: Credential) => Readonly<Record<string, string>>;
}

/** A layer for calls of this kind; those that look no further than `target` fit all kinds. */
export type Layers<Req, Res> = readonly Middleware<Req, Res>[];

export const HOOK_DEFAULTS = { clock: systemClock } as const satisfies HookOptions;

/** @throws TypeError for what is no list of layers */
export function folded<Req, Res>(
  hook: string,
  layers: Layers<Req, Res>,
  handler: Handler<Req, Res>,
): Handler<Req, Res> {
  if (!Array.isArray(layers) || !layers.every((layer) => typeof layer === 'function')) {
    throw new TypeError(`${hook}: layers must be a list of layers, such as [backoff()]`);
  }
  return pipeline(layers, handler);
}
