import { PipelineError } from './errors/pipeline-error.ts';

/** One provider and one model. */
export interface Target {
  readonly provider: string;
  readonly model: string;
}

/** Anything that says whom it is meant for. Layers that keep state per target look for this shape. */
export interface Targeted {
  readonly target: Target;
}

/**
 * Reads `provider/model`, split at the first slash, since models contain slashes of their own.
 * A name without a slash is a model of `defaultProvider`, where there is one.
 * @throws PipelineError `invalid_request` that names `field`
 */
export function parseTarget(text: unknown, field: string, defaultProvider?: string): Target {
  const known = typeof text === 'string' ? TARGETS.get(text) : undefined;
  if (known !== undefined) return known;
  const slash = typeof text === 'string' ? text.indexOf('/') : -1;
  if (typeof text === 'string' && text.length > LONGEST_TARGET) throw tooLong(text, field);
  if (typeof text === 'string' && text !== '' && slash === -1 && defaultProvider !== undefined) {
    return { provider: defaultProvider, model: text };
  }
  if (typeof text !== 'string' || slash <= 0 || slash === text.length - 1) {
    throw new PipelineError('invalid_request', `${field} must be "provider/model", got ${describe(text)}`, {
      code: 'invalid_target',
      param: field,
    });
  }
  return remember(text, { provider: text.slice(0, slash), model: text.slice(slash + 1) });
}

/**
 * Characters. No vendor has longer names, ARNs included, and callers choose what stands in headers, logs, metrics and tables.
 */
const LONGEST_TARGET = 256;

function tooLong(text: string, field: string): PipelineError {
  const message = `${field} must have at most ${LONGEST_TARGET} characters, got ${text.length}`;
  return new PipelineError('invalid_request', message, { code: 'invalid_target', param: field });
}

/**
 * The same few targets are named again and again: one object each makes every table that is looked up by them faster. Names
 * come from callers, so there is a bound to how many are kept.
 */
const TARGETS = new Map<string, Target>();
const MOST_TARGETS = 1_024;

function remember(text: string, target: Target): Target {
  if (TARGETS.size >= MOST_TARGETS) TARGETS.clear();
  TARGETS.set(text, Object.freeze(target));
  return target;
}

export function formatTarget(target: Target): string {
  return `${target.provider}/${target.model}`;
}

/** The target of a request of unknown type, for layers that never look further inside. */
export function targetOf(request: unknown): Target | undefined {
  if (typeof request !== 'object' || request === null || !('target' in request)) return undefined;
  return isTarget(request.target) ? request.target : undefined;
}

function isTarget(value: unknown): value is Target {
  return typeof value === 'object' && value !== null && 'provider' in value && 'model' in value;
}

/** Of bounded length and cost, since the value may be the whole of a caller's body. */
function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 120 ? `${value.slice(0, 117)}...` : value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
