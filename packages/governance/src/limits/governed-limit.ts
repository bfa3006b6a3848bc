import type { Limit, Unit } from '@x/store';
import type { BudgetRule, LimitRule, Policy, ProviderPolicy } from '../entities/policy.ts';
import { bucketWindow, calendarWindow, PERIOD_MS, rollingWindow, windowName } from '../entities/windows.ts';

export type LevelKind = 'customer' | 'team' | 'virtual-key';

/** One of those that a request has to pass: its customer, its team, its key. */
export interface Level {
  readonly kind: LevelKind;
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly policy: Policy;
}

/** A counter with whose it is. */
export interface GovernedLimit {
  readonly limit: Limit;
  readonly level: Level;
  /** Where it counts one provider alone. */
  readonly provider: string | undefined;
  /** As its owner wrote it. */
  readonly rule: BudgetRule | LimitRule;
}

export const NANO_USD = 1_000_000_000;

/**
 * Counters of requests and tokens over an hour or more are told by the ledger what was counted, like money: a restart must not give
 * a day's worth anew. Shorter ones forget with the process that held them, since the ledger's answers would come too late to matter.
 */
const SEEDED_FROM_MS = PERIOD_MS.hour;

/** All that is taken for a call of one provider, from the outermost level to the innermost. Pure, and the ids are stable. */
export function limitsOf(
  levels: readonly Level[],
  provider: string,
  within: ProviderPolicy | undefined,
): readonly GovernedLimit[] {
  const own = levels.flatMap((level) => rulesOf(level, level.policy, undefined));
  const key = levels.at(-1);
  return within === undefined || key === undefined ? own : [...own, ...rulesOf(key, within, provider)];
}

/** All counters of one level, those for single providers among them. */
export function limitsOfLevel(
  level: Level,
  within: Readonly<Record<string, ProviderPolicy>> = {},
): readonly GovernedLimit[] {
  const inner = Object.entries(within).flatMap(([provider, rules]) => rulesOf(level, rules, provider));
  return [...rulesOf(level, level.policy, undefined), ...inner];
}

/** The counters of one level, or of one provider within it. */
function rulesOf(
  level: Level,
  rules: Pick<Policy, 'budgets' | 'limits'>,
  provider: string | undefined,
): GovernedLimit[] {
  const owner = `${level.kind}/${level.id}${provider === undefined ? '' : `@${provider}`}`;
  const govern = (limit: Omit<Limit, 'id'>, rule: BudgetRule | LimitRule): GovernedLimit => {
    const name = rule.name === undefined ? '' : `/${rule.name}`;
    return { limit: { id: `${owner}/${counterName(limit)}${name}`, ...limit }, level, provider, rule };
  };
  return [
    ...(rules.budgets ?? []).map((rule) => govern(budgetOf(rule), rule)),
    ...(rules.limits ?? []).map((rule) => govern(limitOf(rule), rule)),
  ];
}

/** Counters of one unit over different windows are different counters: what was counted over one means nothing to the other. */
function counterName({ unit, window }: Pick<Limit, 'unit' | 'window'>): string {
  return `${unit}/${windowName(window)}`;
}

function budgetOf({ usd, per, rolling, timeZone }: BudgetRule): Omit<Limit, 'id'> {
  const max = Math.round(usd * NANO_USD);
  const unit: Unit = 'cost';
  if (per === 'forever') return { unit, max, window: { type: 'forever' }, seeded: true };
  const window = rolling === true ? rollingWindow(per) : calendarWindow(per, timeZone ?? 'UTC');
  return { unit, max, window, seeded: true };
}

function limitOf({ unit, max, per, burst }: LimitRule): Omit<Limit, 'id'> {
  if (per === undefined) return { unit, max, window: { type: 'held' }, seeded: false };
  if (burst !== undefined) return { unit, max, window: bucketWindow(per, burst), seeded: false };
  return { unit, max, window: rollingWindow(per), seeded: PERIOD_MS[per] >= SEEDED_FROM_MS };
}

/** The first rule whose counter another one of the same list has too: both would count on one. */
export function sharedCounter(rules: Pick<Policy, 'budgets' | 'limits'>): string | undefined {
  const level: Level = { kind: 'virtual-key', id: '', name: '', policy: rules };
  const seen = new Set<string>();
  for (const { limit, rule } of rulesOf(level, rules, undefined)) {
    if (seen.has(limit.id)) return rule.name ?? counterName(limit);
    seen.add(limit.id);
  }
  return undefined;
}
