import type { PathStep } from '../text/problems.ts';

/** Deeper than any member of a configuration. */
const DEEPEST = 8;

/** A copy whose members can be removed. What lies deeper than a configuration goes is shared. */
export function copyOf(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth === DEEPEST) return value;
  if (Array.isArray(value)) return value.map((item) => copyOf(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member, depth + 1)]));
}

/**
 * Takes what is wrong out of `value`, so that the rest can be checked in the same run. A list goes as a whole: its items must
 * keep their places.
 */
export function removeAt(value: unknown, path: readonly PathStep[]): void {
  for (let length = path.length; length > 0; length -= 1) {
    const parent = valueAt(value, path.slice(0, length - 1));
    const step = path[length - 1] as PathStep;
    if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) continue;
    if (!Object.hasOwn(parent, step)) continue;
    delete (parent as Record<PathStep, unknown>)[step];
    return;
  }
}

export function valueAt(value: unknown, path: readonly PathStep[]): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<PathStep, unknown>)[step];
  }
  return at;
}

/** Whether one path leads to, or through, the other. */
export function overlaps(a: readonly PathStep[], b: readonly PathStep[]): boolean {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
