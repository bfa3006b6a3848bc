import type { Finding, PathStep } from '../text/problems.ts';

/** Collects what is wrong, so that one look at a file finds all of it. */
export class Findings {
  readonly all: Finding[] = [];

  add(path: readonly PathStep[], message: string): undefined {
    this.all.push({ path, message });
    return undefined;
  }
}
