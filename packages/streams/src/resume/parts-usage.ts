import { addUsage, NO_USAGE, type Usage } from '@x/core';

export function sumOf(parts: readonly Usage[], last: Usage | undefined): Usage | undefined {
  if (parts.length === 0) return last;
  return parts.reduce(addUsage, last ?? NO_USAGE);
}
