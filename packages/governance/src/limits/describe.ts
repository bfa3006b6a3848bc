import type { GovernedLimit, Level } from './governed-limit.ts';

const KINDS = { customer: 'customer', team: 'team', 'virtual-key': 'virtual key' } as const;

/** As a caller reads it: `team "search"`. */
export function describeLevel({ kind, name }: Level): string {
  return `${KINDS[kind]} ${JSON.stringify(name)}`;
}

/** As a caller reads it: `limit of 100 requests per minute`, `budget of 10 USD per month`. */
export function describeLimit({ rule, provider }: GovernedLimit): string {
  const at = provider === undefined ? '' : ` at ${provider}`;
  const named = rule.name === undefined ? '' : ` ${JSON.stringify(rule.name)}`;
  if ('usd' in rule) {
    const per = rule.per === 'forever' ? ' in all' : ` per ${rule.per}`;
    return `budget${named} of ${rule.usd} USD${per}${at}`;
  }
  if (rule.unit === 'concurrent') return `limit${named} of ${rule.max} requests at the same time${at}`;
  return `limit${named} of ${rule.max} ${rule.unit} per ${rule.per}${at}`;
}
