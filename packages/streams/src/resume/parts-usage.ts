import { addUsage, NO_USAGE, type AnswerShare, type Usage } from '@x/core';

export function sumOf(parts: readonly AnswerShare[], last: Usage | undefined): Usage | undefined {
  if (parts.length === 0) return last;
  return parts.reduce((sum, { usage }) => addUsage(sum, usage), last ?? NO_USAGE);
}
