import type { Config, GovernanceConfig, StoreConfig } from '../config.ts';
import { columns, plural } from './columns.ts';

/** Who may ask, and where it is written down, as lines of text. Nothing where everyone may. */
export function describeGovernance({ governance, store }: Config): string[] {
  if (governance === undefined) return [];
  const { customers, teams, virtualKeys, ledgerPolicy } = governance;
  const owned = [
    plural(Object.keys(customers).length, 'customer'),
    plural(Object.keys(teams).length, 'team'),
    plural(Object.keys(virtualKeys).length, 'virtual key'),
  ];
  const away = ledgerPolicy === 'closed' ? 'requests are refused' : 'requests are served, and recorded when it is back';
  return [
    'governance',
    ...columns([
      ['in this file', `${owned.join(', ')}; more in the store`],
      ['ledger, keys, logs', `${describeDurable(store.durable)}; while it is away ${away}`],
      ['limits and budgets', describeLimits(store.limits)],
      ['request log', describeLog(store.requestLog)],
    ]),
  ];
}

export function describeAnonymous({ anonymous }: GovernanceConfig): string {
  if (anonymous === 'reject') return 'whose request it is, by its virtual key; callers without one are refused';
  if (anonymous === 'allow')
    return 'whose request it is, by its virtual key; callers without one are served without limits';
  return `whose request it is, by its virtual key; callers without one share the limits of ${anonymous.virtualKey}`;
}

export function describeAdmission({ admission, expectedPart, unknownPrice }: GovernanceConfig): string {
  const reserved = admission === 'strict' ? 'the worst case' : `what ${expectedPart * 100} % of answers stay within`;
  const unpriced = {
    reject: 'models without a price are refused where there is a budget',
    allow: 'models without a price count as free',
  };
  const price = typeof unknownPrice === 'string' ? unpriced[unknownPrice] : 'models without a price have the one given';
  return `budgets and limits, at the price of this target: reserves ${reserved}; ${price}`;
}

function describeDurable(durable: StoreConfig['durable']): string {
  if (durable.type === 'sqlite') return `SQLite, ${durable.path}, safe from the death of the ${durable.durability}`;
  return `PostgreSQL, ${withoutSecrets(durable.url)}, ${plural(durable.connections, 'connection')}`;
}

const MEANWHILE = {
  open: 'nothing is limited',
  closed: 'limited callers are refused',
} as const;

function describeLimits(limits: StoreConfig['limits']): string {
  if (limits.type === 'memory') return 'in the memory of this process';
  const { onOutage, replicas, url, prefix } = limits;
  const meanwhile =
    onOutage === 'share' ? `each of ${plural(replicas, 'replica')} enforces its share` : MEANWHILE[onOutage];
  return `Redis, ${withoutSecrets(url)}, keys ${prefix}*; while it is away ${meanwhile}`;
}

function describeLog({ enabled, retentionDays, maxRows, bodies }: StoreConfig['requestLog']): string {
  if (!enabled) return 'off';
  return `${plural(retentionDays, 'day')}, ${maxRows} requests at most, ${bodies ? 'with' : 'without'} bodies`;
}

/** Where it is, without who may come in. */
function withoutSecrets(url: string): string {
  if (!URL.canParse(url)) return 'somewhere';
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
