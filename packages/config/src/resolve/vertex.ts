import type { Environment } from '../config.ts';
import type { ProviderInput } from '../schema/providers.ts';
import type { PathStep } from '../text/problems.ts';
import { followReference } from './environment.ts';
import type { Findings } from './findings.ts';

export interface Place {
  readonly project?: string;
  readonly location?: string;
}

/** What a name in Google Cloud is made of. */
const NAME = /^[\w.:-]+$/;

/** Whose models and where, for a vertex provider; nothing for any other. */
export function resolvePlace(
  { project, location, type = 'vertex' }: Pick<ProviderInput, 'project' | 'location' | 'type'>,
  env: Environment,
  { path, findings }: { path: readonly PathStep[]; findings: Findings },
): Place {
  const place: Record<string, string> = {};
  for (const [name, text] of Object.entries({ project, location })) {
    if (text === undefined) continue;
    const at = [...path, name];
    if (type !== 'vertex') findings.add(at, 'belongs to providers of type "vertex"');
    const resolved = followReference(text, env, { path: at, findings });
    if (resolved === undefined) continue;
    if (NAME.test(resolved.value)) place[name] = resolved.value;
    else findings.add(at, 'must be a name of Google Cloud');
  }
  return place;
}
