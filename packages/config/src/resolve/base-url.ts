import type { Environment } from '../config.ts';
import type { PathStep } from '../text/problems.ts';
import { followReference } from './environment.ts';
import type { Findings } from './findings.ts';

/** The base URL without a slash at its end, so that paths can be appended. Messages never show it: it may hold a password. */
export function resolveBaseURL(
  text: string,
  env: Environment,
  { path, findings }: { path: readonly PathStep[]; findings: Findings },
): string | undefined {
  const resolved = followReference(text, env, { path, findings });
  if (resolved === undefined) return undefined;
  const url = URL.parse(resolved.value);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return findings.add(path, 'must be an absolute http or https URL');
  }
  if (url.username !== '' || url.password !== '') return findings.add(path, 'must not hold a user name or password');
  if (url.search !== '' || url.hash !== '') return findings.add(path, 'must not have a query or a fragment');
  return resolved.value.replace(/\/+$/, '');
}
