import type { Environment } from '@x/config';
import type { JsonObject } from '@x/core';
import { UsageError } from '../options.ts';
import { inStore, overHttp, type AdminClient } from './admin-client.ts';
import type { KeysOptions } from './keys-options.ts';
import { columns, type Cell } from './table.ts';

type Action = 'create' | 'list' | 'revoke' | 'usage';

interface Ask {
  readonly client: AdminClient;
  readonly id: string | undefined;
  readonly options: KeysOptions;
}

/** What each action does; resolves to the answer, and to what it means for people. */
const ACTIONS: Readonly<Record<Action, (ask: Ask) => Promise<{ answer: unknown; text: string }>>> = {
  async create({ client, id, options: { name, team, customer, budget, rpm, tpm, expires } }) {
    if (name === undefined) throw new UsageError('--name <text> is needed: what people know the key by');
    const limits = [limit('requests', rpm), limit('tokens', tpm)].flat();
    const body: JsonObject = {
      ...given({ id, name, team, customer, expiresAt: expires }),
      ...(budget && { budgets: [budget] }),
      ...(limits.length > 0 && { limits }),
    };
    const answer = await client.call<CreatedKey>('POST', '/admin/virtual-keys', { body });
    const text = `${answer.key}\n\nThis is the key of ${answer.id}, and it is shown this once.`;
    return { answer, text };
  },

  async list({ client, options: { team, customer } }) {
    const keys: Page['data'][number][] = [];
    let after: string | undefined;
    do {
      const query = given({ team, customer, after, limit: '500' });
      const page = await client.call<Page>('GET', '/admin/virtual-keys', { query });
      keys.push(...page.data);
      after = page.next ?? undefined;
    } while (after !== undefined);
    const rows = keys.map((key) =>
      ['id', 'prefix', 'status', 'team', 'customer', 'owner', 'name'].map((member) => key[member]),
    );
    return { answer: keys, text: columns([['id', 'key', 'status', 'team', 'customer', 'owner', 'name'], ...rows]) };
  },

  async revoke({ client, id }) {
    if (id === undefined) throw new UsageError('the id of the key is needed: x-gateway keys revoke <id>');
    const answer = await client.call('POST', `/admin/virtual-keys/${encodeURIComponent(id)}/revoke`);
    return { answer, text: `${id} is revoked, everywhere within a second.` };
  },

  async usage({ client, id, options: { team, customer, from, to, by = 'virtualKey' } }) {
    const query = given({ virtualKey: id, team, customer, from, to, groupBy: by });
    const answer = await client.call<{ readonly data: readonly UsageRow[] }>('GET', '/admin/usage', { query });
    const names = by.split(',');
    const rows = answer.data.map(({ group, requests, usage, costUsd }) => [
      ...names.map((name) => group[name] ?? '-'),
      requests,
      usage['inputTokens'],
      usage['outputTokens'],
      costUsd.toFixed(6),
    ]);
    return { answer, text: columns([[...names, 'requests', 'input tokens', 'output tokens', 'USD'], ...rows]) };
  },
};

interface CreatedKey {
  readonly id: string;
  /** Secret. */
  readonly key: string;
}

interface Page {
  readonly data: readonly Readonly<Record<string, Cell>>[];
  readonly next: string | null;
}

interface UsageRow {
  readonly group: Readonly<Record<string, string | null>>;
  readonly requests: number;
  readonly usage: Readonly<Record<string, number>>;
  readonly costUsd: number;
}

/** Runs one action. @throws UsageError that says what is missing or was refused */
export async function keys(
  { action, id }: { readonly action: string; readonly id: string | undefined },
  options: KeysOptions,
  env: Environment,
): Promise<string> {
  if (!Object.hasOwn(ACTIONS, action)) {
    throw new UsageError(`unknown action "${action}": there are ${Object.keys(ACTIONS).join(', ')}`);
  }
  const client = await clientOf(options, env);
  try {
    const { answer, text } = await ACTIONS[action as Action]({ client, id, options });
    return options.json ? JSON.stringify(answer, null, 2) : `${text}\n(${client.where})`;
  } finally {
    await client.close();
  }
}

function clientOf({ url, config }: KeysOptions, env: Environment): AdminClient | Promise<AdminClient> {
  if ((url === undefined) === (config === undefined)) {
    throw new UsageError('give --url of a gateway that runs, with ADMIN_TOKEN in the environment, or --config FILE');
  }
  return url === undefined ? inStore(config ?? '', env) : overHttp(url, env);
}

function limit(unit: string, max: number | undefined): JsonObject[] {
  return max === undefined ? [] : [{ unit, max, per: 'minute' }];
}

/** Those that are there. */
function given<T>(members: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Record<string, T>;
}
