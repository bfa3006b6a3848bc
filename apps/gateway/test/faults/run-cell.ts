import type { FaultDescription, FaultRule, SeenRequest } from '@x/simulator';
import { ask, type CallerDialect } from './caller.ts';
import { judge, type Verdict } from './judge.ts';
import { MODEL, openSite, SPARE, type Site } from './site.ts';

/** How a fault is met: without a fallback, with one, or without one but only once. */
export const SETTINGS = ['alone', 'with a fallback', 'once'] as const;
export type Setting = (typeof SETTINGS)[number];

export interface Cell {
  readonly fault: FaultDescription;
  readonly dialect: CallerDialect;
  readonly stream: boolean;
  readonly setting: Setting;
}

/** What both sides saw of one request, and what was left when it was over. */
export interface CellResult {
  readonly cell: Cell;
  readonly verdict: Verdict;
  /** Calls that the struck provider got. */
  readonly primary: readonly SeenRequest[];
  /** Calls that the fallback got. */
  readonly spare: readonly SeenRequest[];
  /** What ought to be gone by now. Empty where all is well. */
  readonly left: readonly string[];
}

/** Where a fault strikes that may strike any provider. */
export function providerOf({ fault, dialect }: Cell): string {
  return fault.provider ?? dialect;
}

/** Faults that need a parameter get one; the others take their defaults. */
const PARAMETERS: Readonly<Record<string, object>> = {
  slow_first_token: { ms: 4_000 },
  status: { status: 500 },
};

export function ruleOf({ name }: FaultDescription, when: object): FaultRule {
  return { name, ...PARAMETERS[name], when } as FaultRule;
}

export async function runCell(cell: Cell): Promise<CellResult> {
  const { fault, dialect, stream, setting } = cell;
  const provider = providerOf(cell);
  const when = { provider, ...(setting === 'once' && { next: 1 }) };
  const site = await openSite({ provider, faults: [ruleOf(fault, when)] });
  try {
    const fallbacks = setting === 'with a fallback' ? [`${SPARE}/${MODEL}`] : [];
    const question = { url: site.url, dialect, stream, model: `${provider}/${MODEL}`, fallbacks };
    // A connection that has served before is part of what some faults are about.
    if (fault.name === 'reset_on_reuse' || fault.name === 'idle_close') await site.clock.run(ask(question).heard);
    const before = site.calls.length;
    const verdict = await site.clock.run(ask(question).heard).then(
      (heard) => judge(heard, dialect, stream),
      (error: unknown): Verdict => ({ got: 'defect', why: error instanceof Error ? error.message : String(error) }),
    );
    await site.clock.quiet();
    const calls = site.calls.slice(before);
    const left = await leftovers(site);
    return {
      cell,
      verdict,
      primary: calls.filter((call) => call.provider === provider),
      spare: calls.filter((call) => call.provider === SPARE),
      left,
    };
  } finally {
    await site.close();
  }
}

/** What is still going on long after the caller has its answer. */
export async function leftovers({ clock, gateway, calls, simulator }: Site): Promise<string[]> {
  const before = calls.length;
  await clock.advance(120_000);
  const left: string[] = [];
  if (calls.length > before) left.push(`${calls.length - before} calls after the end`);
  if (gateway.inFlight > 0) left.push(`${gateway.inFlight} requests in flight`);
  const open = Object.values(simulator.stats().providers).reduce((sum, { inFlight }) => sum + inFlight, 0);
  if (open > 0) left.push(`${open} calls open at a provider`);
  return left;
}
