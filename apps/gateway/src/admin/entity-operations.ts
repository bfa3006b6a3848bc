import { PipelineError, type JsonObject } from '@x/core';
import { idSchema, parseAs, type Admin, type EntityView } from '@x/governance';
import type { EntityKind } from '@x/store';
import { z } from 'zod';
import { operation, type Call, type Operation, type Reply } from './operation.ts';
import * as schemas from './schemas.ts';
import { limitParameter, page, pageOf } from './values.ts';

/** What operators call the entities of one kind, and what these look like. */
interface Kind {
  readonly kind: EntityKind;
  readonly plural: 'customers' | 'teams' | 'virtualKeys';
  /** In addresses. */
  readonly path: string;
  /** In names of operations. */
  readonly title: string;
  readonly view: z.ZodType;
  readonly takes: z.ZodType;
  readonly changes: z.ZodType;
  readonly gives: z.ZodType;
}

const KINDS: readonly Kind[] = [
  {
    kind: 'customer',
    plural: 'customers',
    path: '/admin/customers',
    title: 'Customer',
    view: schemas.customerView,
    takes: schemas.newCustomer,
    changes: schemas.NAMED_SCHEMAS.CustomerData,
    gives: schemas.customerView,
  },
  {
    kind: 'team',
    plural: 'teams',
    path: '/admin/teams',
    title: 'Team',
    view: schemas.teamView,
    takes: schemas.newTeam,
    changes: schemas.NAMED_SCHEMAS.TeamData,
    gives: schemas.teamView,
  },
  {
    kind: 'virtual-key',
    plural: 'virtualKeys',
    path: '/admin/virtual-keys',
    title: 'VirtualKey',
    view: schemas.virtualKeyView,
    takes: schemas.newVirtualKey,
    changes: schemas.NAMED_SCHEMAS.VirtualKeyData,
    gives: schemas.createdKeyView,
  },
];

/** Customers, teams and virtual keys, and their counters. */
export function entityOperations(admin: Admin): Operation[] {
  return [...KINDS.flatMap((kind) => [...crud(admin, kind), ...counters(admin, kind)]), ...keyOperations(admin)];
}

const listQuery = z.strictObject({
  limit: limitParameter,
  after: idSchema.optional().describe('Those whose ids come after this one.'),
  team: idSchema.optional().describe('Those of one team.'),
  customer: idSchema.optional().describe('Those of one customer, directly.'),
});

function crud(admin: Admin, { kind, plural, path, title, view, takes, changes, gives }: Kind): Operation[] {
  const entities = admin[plural];
  const what = kind.replace('-', ' ');
  return [
    operation({
      method: 'GET',
      path,
      name: `list${title}s`,
      summary: `All ${what}s, by id.`,
      query: listQuery,
      gives: pageOf(view),
      run: async ({ query: { limit, after, team, customer } }) => {
        const only = { ...(after && { after }), ...(team && { team }), ...(customer && { customer }) };
        const read = (size: number) => entities.list({ ...only, limit: size }).map(flat);
        return { body: await page(limit, read, ({ id }) => id) };
      },
    }),
    operation({
      method: 'POST',
      path,
      name: `create${title}`,
      summary: `Makes a ${what}.`,
      takes,
      gives,
      status: 201,
      run: async ({ body: { id: given, ...input }, actor }) => {
        const id = given === undefined ? undefined : parseAs(idSchema, given, 'id');
        const created = await entities.create(input as never, { id, actor });
        return { status: 201, ...('key' in created ? keyReply(created) : reply(created)) };
      },
    }),
    operation({
      method: 'GET',
      path: `${path}/{id}`,
      name: `get${title}`,
      summary: `One ${what}.`,
      gives: view,
      run: ({ params }) => reply(entities.get(idOf(params))),
    }),
    operation({
      method: 'PATCH',
      path: `${path}/{id}`,
      name: `update${title}`,
      summary: 'Sets the members that are given; null takes one away.',
      ifMatch: true,
      takes: changes,
      gives: view,
      run: async ({ params, body, revision, actor }) => {
        const id = idOf(params);
        checkRevision(entities.get(id), revision);
        return reply(await entities.update(id, body, { actor, revision }));
      },
    }),
    operation({
      method: 'DELETE',
      path: `${path}/{id}`,
      name: `delete${title}`,
      summary: 'Takes it away. What it used stays in the ledger.',
      ifMatch: true,
      run: async ({ params, revision, actor }) => {
        const id = idOf(params);
        checkRevision(entities.get(id), revision);
        await entities.delete(id, { actor, revision });
        return {};
      },
    }),
  ];
}

function counters(admin: Admin, { kind, path, title }: Kind): Operation[] {
  return [
    operation({
      method: 'GET',
      path: `${path}/{id}/limits`,
      name: `get${title}Limits`,
      summary: 'Where its limits and budgets stand.',
      gives: z.object({ data: z.array(schemas.limitView) }),
      run: async ({ params }) => ({ body: { data: await admin.limits.read(kind, idOf(params)) } }),
    }),
    operation({
      method: 'GET',
      path: `${path}/{id}/leases`,
      name: `get${title}Leases`,
      summary: 'What was taken from it, or from others under the same outermost owner, and is not settled.',
      gives: z.object({ data: z.array(schemas.leaseView) }),
      run: async ({ params }) => ({ body: { data: await admin.limits.leases(kind, idOf(params)) } }),
    }),
    operation({
      method: 'POST',
      path: `${path}/{id}/reset`,
      name: `reset${title}`,
      summary: 'Sets its counters back to nothing. The ledger keeps what it has.',
      body: z.strictObject({
        limit: z.string().min(1).max(512).optional().describe('The id of one counter. Default: all.'),
      }),
      gives: z.object({ data: z.array(schemas.limitView) }),
      run: async ({ params, body: { limit }, actor }) => {
        const id = idOf(params);
        await admin.limits.reset(kind, id, { actor, limit });
        return { body: { data: await admin.limits.read(kind, id) } };
      },
    }),
  ];
}

/** Ninety days: a key that is replaced should be replaced some day. */
const LONGEST_GRACE_MS = 90 * 86_400_000;

function keyOperations({ virtualKeys }: Admin): Operation[] {
  return [
    operation({
      method: 'POST',
      path: '/admin/virtual-keys/{id}/rotate',
      name: 'rotateVirtualKey',
      summary: 'Makes another key for it. The one before is taken until its grace is over.',
      body: z.strictObject({
        graceMs: z
          .number()
          .min(0)
          .max(LONGEST_GRACE_MS)
          .optional()
          .describe('Milliseconds for which the key before is still taken; 0 for not at all. Default: a day.'),
      }),
      gives: schemas.createdKeyView,
      run: async ({ params, body: { graceMs }, actor }) =>
        keyReply(await virtualKeys.rotate(idOf(params), { actor, graceMs })),
    }),
    operation({
      method: 'POST',
      path: '/admin/virtual-keys/{id}/revoke',
      name: 'revokeVirtualKey',
      summary: 'Refuses the key from now on, everywhere within a second. Never undone.',
      gives: schemas.virtualKeyView,
      run: async ({ params, actor }) => reply(await virtualKeys.revoke(idOf(params), { actor })),
    }),
  ];
}

/** Ids of others are not found, so any text will do. */
function idOf(params: Call<unknown, JsonObject>['params']): string {
  return params['id'] ?? '';
}

/** An entity with its own members beside those that every entity has. */
function flat({ id, owner, revision, data }: EntityView<object>) {
  return { id, owner, revision, ...data };
}

function reply(view: EntityView<object>): Reply {
  return { body: flat(view), revision: view.revision };
}

function keyReply({ virtualKey, key }: { readonly virtualKey: EntityView<object>; readonly key: string }): Reply {
  return { body: { ...flat(virtualKey), key }, revision: virtualKey.revision };
}

/** Before anything is tried, so that it can be told from other conflicts. What comes in between is found by the store. */
function checkRevision({ id, revision }: EntityView<object>, expected: number | undefined): void {
  if (expected === undefined || revision === null || revision === expected) return;
  const message = `${JSON.stringify(id)} is at revision ${revision}, and not at ${expected} any more: read it again`;
  throw new PipelineError('invalid_request', message, { code: 'revision_mismatch', param: 'if-match' });
}
