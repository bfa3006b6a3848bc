import { PipelineError, type Clock, type JsonObject } from '@x/core';
import { usageQuerySchema, type Admin } from '@x/governance';
import { GROUPINGS, type DurableStore, type UsageQuery } from '@x/store';
import { z } from 'zod';
import { operation, type Operation } from './operation.ts';
import { limitParameter, page, pageOf, sequenceParameter, timeParameter } from './values.ts';

const DAY_MS = 86_400_000;

/** How far back usage goes where nobody says. */
const USUAL_DAYS = 30;

export interface RecordParts {
  readonly admin: Admin;
  readonly durable: DurableStore;
  readonly clock: Clock;
}

/** What was used, asked and changed. */
export function recordOperations({ admin, durable, clock }: RecordParts): Operation[] {
  return [
    operation({
      method: 'GET',
      path: '/admin/usage',
      name: 'getUsage',
      summary: 'What was used, by whom and when: totals of answers from the ledger.',
      query: usageParameters,
      gives: usageView,
      run: async ({ query }) => {
        const asked = usageQuery(query, clock.now());
        const rows = await admin.usage(asked);
        const data = rows.map(({ cost, ...row }) => ({ ...row, costUsd: cost / 1e9, costNanoUsd: cost }));
        return { body: { from: asked.from, to: asked.to, data } };
      },
    }),
    operation({
      method: 'GET',
      path: '/admin/requests',
      name: 'listRequests',
      summary: 'Requests of late, the newest first.',
      query: z.strictObject({
        limit: limitParameter,
        after: cursor.optional().describe('`next` of the page before.'),
        virtualKey: text('Those of one virtual key.'),
        outcome: text('Those that ended so: completed, failed, cancelled or discarded.'),
        from: timeParameter.optional().describe('Epoch milliseconds, or a date, from which on.'),
        to: timeParameter.optional().describe('Epoch milliseconds, or a date, before which.'),
      }),
      gives: pageOf(requestView),
      run: async ({ query: { limit, after, ...given } }) => {
        const only = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const read = (size: number) => durable.requests.list({ ...only, ...(after && { before: after }), limit: size });
        const { data, next } = await page(limit, read, ({ at, id }) => `${at}_${id}`);
        return { body: { data, next } };
      },
    }),
    operation({
      method: 'GET',
      path: '/admin/requests/{id}',
      name: 'getRequest',
      summary: 'One request, by its x-request-id: its record, and its rows in the ledger.',
      gives: requestView.partial().extend({ rows: z.array(z.looseObject({})) }),
      run: async ({ params: { id = '' } }) => {
        const [[logged], rows] = await Promise.all([durable.requests.list({ id, limit: 1 }), admin.request(id)]);
        if (logged === undefined && rows.length === 0) throw noSuchRequest(id);
        return { body: { ...logged, rows } };
      },
    }),
    operation({
      method: 'GET',
      path: '/admin/audit',
      name: 'listChanges',
      summary: 'Changes that operators made, the newest first.',
      query: z.strictObject({
        limit: limitParameter,
        after: sequenceParameter.describe('`next` of the page before.'),
        kind: text('customer, team, virtual-key or provider-key.'),
        id: text('Of what was changed.'),
      }),
      gives: pageOf(z.looseObject({ seq: z.int(), at: z.number(), action: z.string(), kind: z.string() })),
      run: async ({ query: { limit, after: before, kind, id } }) => {
        const only = { ...(before && { before }), ...(kind && { kind }), ...(id && { id }) };
        const read = (size: number) => admin.audit({ ...only, limit: size });
        const { data, next } = await page(limit, read, ({ seq }) => String(seq));
        return { body: { data: data.map(withoutHashes), next } };
      },
    }),
  ];
}

function text(what: string) {
  return z.string().min(1).max(128).optional().describe(what);
}

/** Where a page of requests ended. */
const cursor = z
  .string()
  .regex(/^\d{1,16}_[\w-]{1,128}$/, 'must be the `next` of a page')
  .transform((given) => {
    const [at = '', ...id] = given.split('_');
    return { at: Number(at), id: id.join('_') };
  });

const owner = (what: string) =>
  z.string().max(64).optional().describe(`Id of a ${what}. Given empty: what belongs to none.`);

const usageParameters = z.strictObject({
  customer: owner('customer'),
  team: owner('team'),
  virtualKey: owner('virtual key'),
  provider: text('Name of a provider.'),
  from: timeParameter
    .optional()
    .describe(`Epoch milliseconds, or a date, from which on. Default: ${USUAL_DAYS} days before \`to\`.`),
  to: timeParameter.optional().describe('Epoch milliseconds, or a date, before which. Default: now.'),
  groupBy: z
    .string()
    .transform((names) => names.split(',').filter((name) => name !== ''))
    .pipe(z.array(z.enum(GROUPINGS)))
    .optional()
    .describe(`What to tell apart, with commas between: ${GROUPINGS.join(', ')}.`),
  interval: usageQuerySchema.shape.interval,
});

/** As the ledger is asked. */
function usageQuery(given: z.output<typeof usageParameters>, now: number): UsageQuery {
  const { customer, team, virtualKey, provider, interval, groupBy = [] } = given;
  const { to = Math.floor(now) + 1, from = Math.max(0, to - USUAL_DAYS * DAY_MS) } = given;
  const owners = Object.entries({ customer, team, virtualKey }).filter(([, id]) => id !== undefined);
  return {
    ...Object.fromEntries(owners.map(([level, id]) => [level, id === '' ? null : id])),
    ...(provider && { provider }),
    ...(interval && { interval }),
    from,
    to,
    groupBy,
  };
}

const usageView = z.object({
  from: z.number(),
  to: z.number(),
  data: z.array(
    z.looseObject({
      group: z.record(z.string(), z.string().nullable()).describe('What tells it from the others.'),
      from: z.number().describe('Epoch milliseconds at which the stretch begins.'),
      requests: z.int(),
      usage: z.record(z.string(), z.number()).describe('Tokens by class.'),
      costUsd: z.number(),
      costNanoUsd: z.number().describe('The same, exactly.'),
    }),
  ),
});

const requestView = z.looseObject({
  id: z.string(),
  at: z.number().describe('Epoch milliseconds.'),
  virtualKey: z.string().nullable(),
  served: z.string().nullable().describe('`provider/model` that answered.'),
  outcome: z.string(),
  record: z.looseObject({}).describe('What the log has of it.'),
  requestBody: z.string().nullable().describe('Where bodies are kept.'),
  responseBody: z.string().nullable(),
});

function noSuchRequest(id: string): PipelineError {
  return new PipelineError('invalid_request', `nobody remembers a request ${JSON.stringify(id)}`, {
    code: 'entity_not_found',
    param: 'id',
  });
}

/** What a virtual key is found by is nobody's business. */
function withoutHashes<T extends { readonly before: JsonObject | null; readonly after: JsonObject | null }>(entry: T) {
  return { ...entry, before: shown(entry.before), after: shown(entry.after) };
}

function shown(state: JsonObject | null): JsonObject | null {
  if (state === null) return null;
  const { keyHash: _, previous: _previous, ...rest } = state;
  return rest;
}
