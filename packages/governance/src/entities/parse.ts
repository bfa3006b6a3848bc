import { PipelineError } from '@x/core';
import type { z } from 'zod';

/**
 * What the schema makes of a value from outside.
 * @throws PipelineError `invalid_request`, code `invalid_field`, that names the first field at fault
 */
export function parseAs<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = formatPath([...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])]);
  const message = unknown === undefined ? (issue?.message ?? 'is not valid') : 'unknown member';
  const param = path === '' ? what : path;
  throw new PipelineError('invalid_request', `${what}${path === '' ? '' : `: ${path}`}: ${message}`, {
    code: 'invalid_field',
    param,
  });
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${String(step)}`))
    .join('');
}
