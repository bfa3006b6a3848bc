import { expect, test } from 'vitest';
import { clientTimeoutMs, requestTimeoutMs } from './request-timeout.ts';

const limits = { defaultMs: 10_000, maxMs: 60_000 };

test.each([
  [undefined, 10_000],
  ['1', 1],
  ['9999', 9_999],
  ['30000', 30_000],
  ['60001', 60_000],
  ['999999999999999', 60_000],
])('a caller that gives %s ms has %d', (text, ms) => {
  expect(requestTimeoutMs(text === undefined ? {} : { 'x-gateway-timeout-ms': text }, limits)).toBe(ms);
});

test.each(['', '0', '-1', '1.5', '1e3', 'abc', ' 5', '0x10', '٣', '1'.repeat(16), ['1', '2']])(
  'case %#: no time, and the error names the header',
  (text) => {
    expect(() => requestTimeoutMs({ 'x-gateway-timeout-ms': text }, limits)).toThrow(
      expect.objectContaining({ kind: 'invalid_request', code: 'invalid_field', param: 'x-gateway-timeout-ms' }),
    );
  },
);

// A whole second before the client gives up, or a tenth of the time.
test.each([
  ['600', 599_000],
  ['1', 900],
  ['0', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('a client that gives up after %s s', (text, ms) => {
  expect(clientTimeoutMs(text === undefined ? {} : { 'x-stainless-timeout': text })).toBe(ms);
});
