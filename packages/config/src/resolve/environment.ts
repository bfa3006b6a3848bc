import type { Environment } from '../config.ts';
import type { PathStep } from '../text/problems.ts';
import type { Findings } from './findings.ts';

const REFERENCE = /^env\.(.+)$/s;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A text with the environment variable that it came from, if it did. */
export interface Resolved {
  readonly value: string;
  readonly variable: string | undefined;
}

/** Follows `env.NAME`. Anything else stands for itself. */
export function followReference(
  text: string,
  env: Environment,
  { path, findings }: { path: readonly PathStep[]; findings: Findings },
): Resolved | undefined {
  const variable = REFERENCE.exec(text)?.[1];
  if (variable === undefined) return { value: text, variable };
  if (!VARIABLE.test(variable)) return findings.add(path, 'must be env.NAME with the name of a variable after the dot');
  const value = env[variable]?.trim();
  if (value) return { value, variable };
  const state = env[variable] === undefined ? 'is not set' : 'is empty';
  return findings.add(path, `refers to the environment variable ${variable}, which ${state}`);
}
