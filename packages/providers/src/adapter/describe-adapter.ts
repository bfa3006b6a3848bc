import type { PlainOptions } from '@x/core';
import type { AdapterSettings } from './call.ts';

/** What may be seen of an adapter: no credential, no headers, and of its address no user or query, as secrets may stand there. */
export function describeAdapter({ profile, ...settings }: AdapterSettings, baseURL: string): PlainOptions {
  const { origin, pathname } = new URL(baseURL);
  const { maxEventChars, maxAnswerBytes, maxErrorBytes } = settings;
  const address = origin + pathname.replace(/\/+$/, '');
  const dialects = profile.surfaces.map(({ dialect }) => dialect);
  return { dialects, baseURL: address, maxEventChars, maxAnswerBytes, maxErrorBytes };
}
