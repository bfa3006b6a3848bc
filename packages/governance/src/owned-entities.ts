import { z } from 'zod';
import { noSuchOwner } from './admin/errors.ts';
import { toJson } from './admin/views.ts';
import type { Directory } from './directory/directory.ts';
import { OWNED, type Row } from './directory/row.ts';
import { configuredKeySchema, customerSchema, idSchema, teamSchema } from './entities/entities.ts';
import { parseAs } from './entities/parse.ts';
import { describeKey } from './identity/virtual-key-secret.ts';

/** Entities that stand in a configuration, by their ids. It owns them: the admin API shows them, and changes none. */
export const ownedEntitiesSchema = z.strictObject({
  customers: z.record(idSchema, customerSchema).default({}).describe('Customers by id.'),
  teams: z.record(idSchema, teamSchema).default({}).describe('Teams by id.'),
  virtualKeys: z.record(idSchema, configuredKeySchema).default({}).describe('Virtual keys by id.'),
});

export type OwnedEntities = z.input<typeof ownedEntitiesSchema>;

/**
 * Puts the entities of a configuration into the directory, and takes out those that no longer stand in it.
 * @throws PipelineError `invalid_request` that names the first field at fault; nothing has changed then
 */
export function applyOwned(directory: Directory, entities: OwnedEntities): void {
  const { customers, teams, virtualKeys } = parseAs(ownedEntitiesSchema, entities, 'governance');
  const has = (kind: 'customer' | 'team', id: string) =>
    Object.hasOwn(kind === 'customer' ? customers : teams, id) || directory.get(kind, id)?.owned === false;
  for (const { customer } of Object.values(teams)) if (customer !== undefined) check('customer', customer, has);
  for (const { team, customer } of Object.values(virtualKeys)) {
    if (team !== undefined) check('team', team, has);
    if (customer !== undefined) check('customer', customer, has);
  }
  put(directory, 'customer', customers);
  put(directory, 'team', teams);
  put(directory, 'virtual-key', Object.fromEntries(Object.entries(virtualKeys).map(([id, data]) => [id, kept(data)])));
}

function check(kind: 'customer' | 'team', id: string, has: (kind: 'customer' | 'team', id: string) => boolean): void {
  if (!has(kind, id)) throw noSuchOwner(kind, id);
}

function put(directory: Directory, kind: Row['kind'], entities: Readonly<Record<string, object>>): void {
  const gone = [...directory.rows(kind)].filter((row) => row.owned && !Object.hasOwn(entities, row.id));
  for (const { id } of gone) directory.apply({ kind, id, revision: OWNED, data: undefined });
  for (const [id, data] of Object.entries(entities)) {
    directory.apply({ kind, id, revision: OWNED, data: toJson(data) });
  }
}

/** Without the key. */
function kept({ key, ...data }: z.output<typeof configuredKeySchema>): object {
  const { keyHash, prefix } = describeKey(key);
  return { ...data, keyHash, prefix, createdAt: 0 };
}
