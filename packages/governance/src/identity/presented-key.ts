import type { LlmRequest } from '@x/core';
import { KEY_PREFIX } from './virtual-key-secret.ts';

type Headers = LlmRequest['headers'];

/** Where SDKs put their keys, our own header first. */
const KEY_HEADERS = ['x-gateway-key', 'authorization', 'x-api-key', 'x-goog-api-key'] as const;

const BEARER = /^bearer +/i;

/** The virtual key that a caller sent, wherever it stands; else whatever stands where one should; else undefined. */
export function presentedKey(headers: Headers): string | undefined {
  let other: string | undefined;
  for (const name of KEY_HEADERS) {
    const value = headers[name];
    if (value === undefined || value === '') continue;
    const key = name === 'authorization' ? value.replace(BEARER, '') : value;
    if (isVirtualKey(key)) return key;
    other ??= key;
  }
  return other;
}

const WITHOUT = Object.fromEntries(KEY_HEADERS.map((name) => [name, undefined]));

/** The same without any key: it is for us, and must neither go upstream nor be seen by another layer. */
export function withoutKeys(headers: Headers): Headers {
  return { ...headers, ...WITHOUT };
}

/** Whether it was made here, by the look of it. */
export function isVirtualKey(key: string): boolean {
  return key.startsWith(KEY_PREFIX);
}
