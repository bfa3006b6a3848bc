import { PipelineError, type JsonObject, type JsonValue } from '@x/core';
import { isArray, isObject } from './read.ts';

/** The caller's mistake. `param` is the path of the field, such as `messages[0].content`. */
export function invalidField(param: string, what: string): PipelineError {
  return new PipelineError('invalid_request', `${param} ${what}`, { code: 'invalid_field', param });
}

/** A field that is valid in the caller's dialect and that this provider has no way to express. */
export function unsupportedField(param: string, why: string): PipelineError {
  return new PipelineError('invalid_request', `${param} is not supported by this provider: ${why}`, {
    code: 'unsupported_field',
    param,
  });
}

export function expectObject(value: JsonValue | undefined, param: string): JsonObject {
  if (!isObject(value)) throw invalidField(param, 'must be an object');
  return value;
}

export function expectList(value: JsonValue | undefined, param: string): readonly JsonValue[] {
  if (!isArray(value)) throw invalidField(param, 'must be a list');
  return value;
}

export function expectString(value: JsonValue | undefined, param: string): string {
  if (typeof value !== 'string') throw invalidField(param, 'must be a string');
  return value;
}

/** Undefined for what is absent or null, as callers use both for "not set". */
export function optionalString(value: JsonValue | undefined, param: string): string | undefined {
  return value === undefined || value === null ? undefined : expectString(value, param);
}

export function optionalNumber(value: JsonValue | undefined, param: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidField(param, 'must be a number');
  return value;
}

export function optionalBoolean(value: JsonValue | undefined, param: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw invalidField(param, 'must be true or false');
  return value;
}

export function optionalList(value: JsonValue | undefined, param: string): readonly JsonValue[] {
  return value === undefined || value === null ? [] : expectList(value, param);
}

/** A count of tokens: a whole number of at least 1. */
export function optionalTokens(value: JsonValue | undefined, param: string): number | undefined {
  const tokens = optionalNumber(value, param);
  if (tokens !== undefined && (tokens < 1 || !Number.isInteger(tokens))) {
    throw invalidField(param, 'must be a whole number of at least 1');
  }
  return tokens;
}
