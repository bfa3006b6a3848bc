import type { ConfigInput } from '@x/config';

type Governance = NonNullable<ConfigInput['governance']>;
type Rules = Pick<NonNullable<Governance['teams']>[string], 'limits' | 'budgets'>;

/** One with two limits and a budget, as have its team and its customer; none of them is ever reached. */
const RULES: Rules = {
  limits: [
    { unit: 'requests', max: 1_000_000_000, per: 'minute' },
    { unit: 'tokens', max: 1_000_000_000_000, per: 'minute' },
  ],
  budgets: [{ usd: 1_000_000, per: 'month', timeZone: 'Europe/Berlin' }],
};

export const KEY = `xk-${'b'.repeat(40)}`;

/** The section `governance` of a configuration, with a key on three levels: nine counters a request. */
export const THREE_LEVELS: Governance = {
  customers: { acme: { name: 'Acme', ...RULES } },
  teams: { core: { name: 'Core', customer: 'acme', ...RULES } },
  virtualKeys: { app: { name: 'App', key: KEY, team: 'core', ...RULES } },
};

/** What each of very many keys has. */
export const ONE_OF_MANY = { team: 'core', ...RULES };
