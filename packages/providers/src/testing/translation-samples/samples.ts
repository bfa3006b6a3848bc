import type { Dialect, JsonObject } from '@x/core';

/** What a caller may ask for, and the members of its body that ask for it. */
export type Sample = readonly [feature: string, members: JsonObject];

/** A dialect with the least that its callers send, and what they may send besides. */
export interface CallerSamples {
  readonly dialect: Dialect;
  readonly least: JsonObject;
  readonly samples: readonly Sample[];
}

export const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};
export const PDF = 'JVBERi0=';
export const PNG = 'iVBORw0KGgo=';
