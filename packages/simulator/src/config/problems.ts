import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** One line for each problem: the field, and what is wrong with it. */
export function describeIssues(issues: readonly Issue[], at: readonly PropertyKey[] = []): string {
  return issues.map((issue) => describeIssue(issue, [...at, ...issue.path])).join('\n');
}

function describeIssue(issue: Issue, path: readonly PropertyKey[]): string {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // Of the alternatives, the one that was understood furthest is what was meant.
    const meant = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0] ?? [];
    if (depth(meant) > 0) return describeIssues(meant, path);
  }
  if (issue.code === 'invalid_key') return `${fieldName(path)}: ${issue.issues[0]?.message ?? issue.message}`;
  return `${fieldName(path)}: ${issue.message}`;
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));
}

/** `providers.openai.keys[0].limits.rpm`. */
function fieldName(path: readonly PropertyKey[]): string {
  let name = '';
  for (const part of path) {
    if (typeof part === 'number') name += `[${part}]`;
    else name += name === '' ? String(part) : `.${String(part)}`;
  }
  return name === '' ? 'the configuration' : name;
}
