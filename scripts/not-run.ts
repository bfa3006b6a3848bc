/** The reason in the name of a suite that was skipped for want of a server: `limits in Redis [not run: Redis: no …]`. */
const REASON = /\[not run: (.+?)\]/;

/** Why a test was not run; nothing where its name does not say. */
export function notRun(test: { readonly fullName: string }): string[] {
  const reason = REASON.exec(test.fullName)?.[1];
  return reason === undefined ? [] : [reason];
}

/** One line per reason. */
export function describeNotRun(reasons: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `Not run: ${count} ${count === 1 ? 'test' : 'tests'}. ${reason}`);
}
