import { policyOf, type ErrorKind } from '@x/core';
import type { SeenRequest } from '@x/simulator';
import { providerOf, type CellResult } from './run-cell.ts';
import { SPARE } from './site.ts';

/** Milliseconds that a request waits for room in all, and calls that it makes: defaults of the layers. */
const MAX_WAIT_MS = 30_000;
const MAX_ATTEMPTS = 8;
/** Half of `quickRetryMs`: the shortest pause before the one quick retry. */
const SHORTEST_PAUSE_MS = 50;
/** Longer than the patience with a first target. */
const BEYOND_PATIENCE_MS = 2_500;

/** Down for a time only: who waits long enough may be answered after all. */
const PASSING: ReadonlySet<string> = new Set(['flapping', 'recovering']);

/** What of a result is not as it should be, by the table of kinds in `@x/core` and what the fault says of itself. */
export function checkCell(result: CellResult): string[] {
  const { cell, verdict, left } = result;
  const expected = cell.stream ? cell.fault.expects.stream : cell.fault.expects.whole;
  const problems = [...left];
  if (verdict.got === 'defect') return [...problems, verdict.why];
  if (expected === 'answer') problems.push(...checkAnswer(result));
  else if (expected === 'broken') problems.push(...checkBroken(result));
  else if (!PASSING.has(cell.fault.name)) problems.push(...checkFailure(result, expected));
  return [...problems, ...checkPauses(result, expected)];
}

function checkAnswer({ cell, verdict, primary, spare }: CellResult): string[] {
  const most = cell.fault.name === 'reset_on_reuse' ? 2 : 1;
  const good = verdict.got === 'answer' && verdict.by === providerOf(cell);
  return [
    ...(good ? [] : ['no answer from the provider itself']),
    ...(primary.length <= most && spare.length === 0 ? [] : ['needless calls']),
  ];
}

/** The fallback goes on from the part that the caller has. Alone, the provider is asked again, and says something else. */
function checkBroken(result: CellResult): string[] {
  const { cell, verdict, primary, spare } = result;
  const rescued = cell.setting === 'with a fallback';
  const [ofPrimary, ofSpare] = rescued ? [1, 1] : [2, 0];
  return [
    ...(rescued ? checkAnswered(result, providerOf(cell)) : []),
    ...(rescued || verdict.got === 'broken' ? [] : [`${verdict.got} instead of a break that is told`]),
    ...(primary.length === ofPrimary && spare.length === ofSpare ? [] : ['needless calls']),
  ];
}

function checkFailure(result: CellResult, kind: ErrorKind): string[] {
  const { cell, primary, spare } = result;
  const { sameLane, otherTarget } = policyOf(kind);
  const { hintMs = 0 } = cell.fault.expects;
  const problems: string[] = [];
  const movesOn =
    cell.setting === 'with a fallback' && (otherTarget === 'yes' || otherTarget === 'larger-window-first');
  const retries = sameLane !== 'never' && hintMs <= MAX_WAIT_MS;
  const heals = cell.setting === 'once' && retries;
  if (movesOn)
    problems.push(
      ...checkAnswered(result, SPARE),
      ...(spare.length === 1 ? [] : [`${spare.length} calls to the fallback`]),
    );
  else if (heals)
    problems.push(
      ...checkAnswered(result, providerOf(cell)),
      ...(primary.length === 2 ? [] : [`${primary.length} calls`]),
    );
  else problems.push(...checkError(result, kind));
  if (!movesOn && spare.length > 0) problems.push('a fallback that must not be asked');

  const most = !retries ? 1 : sameLane === 'once' ? 2 : MAX_ATTEMPTS;
  if (primary.length > most) problems.push(`${primary.length} calls, more than ${most}`);
  if (movesOn && hintMs > BEYOND_PATIENCE_MS && primary.length > 1) problems.push('a wait beyond its patience');
  return problems;
}

function checkAnswered({ verdict }: CellResult, by: string): string[] {
  if (verdict.got !== 'answer') return [`${verdict.got} instead of an answer by ${by}`];
  return verdict.by === by ? [] : [`an answer by ${verdict.by} instead of ${by}`];
}

function checkError({ cell, verdict }: CellResult, kind: ErrorKind): string[] {
  const { httpStatus, sameLane } = policyOf(kind);
  if (verdict.got !== 'error') return [`${verdict.got} instead of an error`];
  // While a model is overloaded its keys rest, so the last word may also be that none has room.
  if (kind === 'overloaded' && verdict.status === 429) return [];
  if (verdict.status !== httpStatus) return [`status ${verdict.status} instead of ${httpStatus} (${verdict.message})`];
  const says = verdict.retryAfterMs !== undefined;
  if (sameLane === 'after-wait' && !says && cell.fault.name !== 'status') return ['a rate limit without the time'];
  return sameLane === 'never' && kind !== 'quota_exhausted' && kind !== 'authentication' && says
    ? checkClosed(kind)
    : [];
}

/** A key that is closed says when it is looked at again; a fault of the request itself never passes. */
function checkClosed(kind: ErrorKind): string[] {
  return policyOf(kind).health === 'none' ? ['a time to come back with the same mistake'] : [];
}

/** No call sooner than the provider asked, and none without a pause, unless a caller waits in the middle of a stream. */
function checkPauses({ cell, primary }: CellResult, expected: string): string[] {
  const { hintMs } = cell.fault.expects;
  const least = hintMs ?? (expected === 'answer' || expected === 'broken' ? 0 : SHORTEST_PAUSE_MS);
  return pauses(primary).flatMap((pause) =>
    pause < least - 1 ? [`a call after ${Math.round(pause)} ms, where ${least} were asked`] : [],
  );
}

/** Milliseconds between the end of a call and the next one. */
function pauses(calls: readonly SeenRequest[]): number[] {
  return calls.slice(1).map(({ at }, index) => at - (calls[index]?.endedAt ?? at));
}
