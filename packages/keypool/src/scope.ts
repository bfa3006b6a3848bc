import { operationOf, SAME_KEY, type Context, type Targeted } from '@x/core';

/** Behind a model's name: what is asked of it has limits apart from those of the model's answers. */
const COUNTS = '#count_tokens';
/** The same, where one key alone will do. */
const SAME = '#same-key';

/**
 * What has limits of its own within a key: a model. Counting a model's tokens is limited apart from its answers, so a refusal of the
 * one says nothing about the other.
 */
export function scopeOf(request: Targeted & { readonly dialect?: string }, context: Context): string {
  const { target, dialect } = request;
  if (context.get(SAME_KEY) === true) return target.model + SAME;
  return operationOf(dialect) === 'count_tokens' ? target.model + COUNTS : target.model;
}

export interface Scope {
  readonly model: string;
  /** All calls go to the first key that allows the model. */
  readonly sameKey: boolean;
}

export function parseScope(scope: string): Scope {
  if (scope.endsWith(SAME)) return { model: scope.slice(0, -SAME.length), sameKey: true };
  return { model: scope.endsWith(COUNTS) ? scope.slice(0, -COUNTS.length) : scope, sameKey: false };
}
