import { expect, test } from 'vitest';
import { ERROR_KINDS, policyOf, type ErrorKind } from './kinds.ts';

const kindsWhere = (condition: (policy: ReturnType<typeof policyOf>) => boolean) =>
  (Object.keys(ERROR_KINDS) as ErrorKind[]).filter((kind) => condition(policyOf(kind)));

// Each list is one column of the table of failures, so that a slip in a row shows.

test('these may be asked again on the same lane', () => {
  expect(kindsWhere(({ sameLane }) => sameLane === 'after-wait')).toEqual(['rate_limited', 'pool_exhausted']);
  expect(kindsWhere(({ sameLane }) => sameLane === 'with-backoff')).toEqual(['overloaded']);
  expect(kindsWhere(({ sameLane }) => sameLane === 'once')).toEqual(['network', 'server_error']);
});

test('these change the key at once', () => {
  const kinds = ['rate_limited', 'quota_exhausted', 'authentication', 'permission', 'model_not_found'];
  expect(kindsWhere(({ otherKey }) => otherKey === 'at-once')).toEqual(kinds);
});

test('these go to no other target', () => {
  expect(kindsWhere(({ otherTarget }) => otherTarget === 'never')).toEqual([
    'stream_broken',
    'invalid_request',
    'cancelled',
  ]);
});

test('these say nothing about the health of a lane', () => {
  expect(kindsWhere(({ health }) => health === 'none')).toEqual([
    'context_length',
    'request_too_large_for_limit',
    'content_filter',
    'invalid_request',
    'cancelled',
    'limit_exceeded',
    'budget_exceeded',
    'pool_exhausted',
  ]);
});

test('these tell a caller to come back later', () => {
  const kinds = ['rate_limited', 'quota_exhausted', 'overloaded', 'limit_exceeded', 'pool_exhausted'];
  expect(kindsWhere(({ httpStatus }) => httpStatus === 429 || httpStatus === 503)).toEqual(kinds);
});
