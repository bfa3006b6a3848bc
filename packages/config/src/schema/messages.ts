import { z } from 'zod';
import { suggest } from '../text/suggest.ts';
import { formatPath, type Finding, type PathStep } from '../text/problems.ts';

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/**
 * Says what is expected and what kind of thing is there instead, never the thing itself: it may be a key. The message of an unknown
 * member lists the known ones until {@link findingsOf} writes one for each.
 */
export function messageOf(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${article(issue.expected)}, got ${kindOf(issue.input)}`;
    case 'invalid_value':
      return `must be ${listed(issue.values.map((value) => JSON.stringify(value)))}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be ${issue.inclusive ? 'at least' : 'above'} ${issue.minimum}, got ${String(issue.input)}`
        : 'must not be empty';
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `must be at most ${issue.maximum}, got ${String(issue.input)}`
        : `is too long: at most ${issue.maximum} are allowed`;
    case 'unrecognized_keys':
      return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(' ') : '';
    default:
      return undefined;
  }
}

/** One finding per place, with the names that were probably meant. */
export function findingsOf(issues: readonly z.core.$ZodIssue[]): Finding[] {
  const findings = issues.flatMap((issue): Finding[] => {
    const path = issue.path as PathStep[];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownMember([...path, key], issue.message.split(' ')));
    }
    if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }];
    return [{ path, message: issue.message }];
  });
  // A number beyond all bounds breaks two rules; the narrower one comes last.
  return [...new Map(findings.map((finding) => [formatPath(finding.path), finding])).values()];
}

/** With one quote missing, the rest of a line becomes a name, a key's value included. No name of ours is as long as a key. */
const FIT_TO_SHOW = /^[\w$.-]{1,20}$/;

function unknownMember(path: readonly PathStep[], known: readonly string[]): Finding {
  const name = String(path.at(-1));
  const meant = suggest(name, known);
  const message = meant ? `unknown member; did you mean "${meant}"?` : `unknown member; known are ${known.join(', ')}`;
  return FIT_TO_SHOW.test(name) ? { path, message } : { path, message, shownPath: [...path.slice(0, -1), '...'] };
}

export function listed(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : names.join();
}

function article(expected: string): string {
  const name = expected === 'record' ? 'object' : expected === 'int' ? 'whole number' : expected;
  return /^[aeiou]/.test(name) ? `an ${name}` : `a ${name}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'number') return article(typeof value);
  return Number.isFinite(value) ? `the number ${value}` : String(value);
}
