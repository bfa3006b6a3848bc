// What the three examples of a budget per user share: a client under which each user has a virtual key, with money for a month.
import { createCatalog } from '@x/catalog';
import { createGovernance } from '@x/governance';
import { createClient } from '@x/sdk';
import { createSimulator } from '@x/simulator';
import { createMemoryLimitStore } from '@x/store/memory';
import { openSqliteStore } from '@x/store/sqlite';

/** `budgets` in USD by user. Of the keys, only hashes are kept; each is shown once, here. */
export async function budgetedClient<User extends string>(budgets: Readonly<Record<User, number>>) {
  const durable = await openSqliteStore({ path: ':memory:' });
  const { find: findModel } = createCatalog({ providers: { openai: 'openai' } });
  const governance = await createGovernance({ store: createMemoryLimitStore(), durable, findModel });

  const keys = {} as Record<User, string>;
  for (const user of Object.keys(budgets) as User[]) {
    const entity = { name: user, budgets: [{ usd: budgets[user], per: 'month' as const }] };
    keys[user] = (await governance.admin.virtualKeys.create(entity, { actor: { via: 'cli' } })).key;
  }

  const { transport } = createSimulator({ providers: { openai: { outputTokens: 100 } } });
  const openai = { baseURL: 'http://simulated/openai/v1', keys: [{ value: 'sk-1' }] };
  const client = createClient({ openai }, { transport, governance });
  const close = async () => {
    await client.close();
    await governance.close();
    await durable.close();
  };
  return { client, keys, close };
}
