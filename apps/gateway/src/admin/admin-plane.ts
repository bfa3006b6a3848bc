import type { Config, State } from '@x/config';
import type { Clock } from '@x/core';
import type { Route } from '../http/routes.ts';
import { adminRoute } from './admin-route.ts';
import { entityOperations } from './entity-operations.ts';
import { Guard } from './guard.ts';
import { adminJsonSchema, openApiOf } from './openapi.ts';
import { operation, type Operation } from './operation.ts';
import { planeOperations, type PlaneParts } from './plane-operations.ts';
import { recordOperations } from './record-operations.ts';

export interface AdminPlaneParts extends Omit<PlaneParts, 'audit' | 'health'> {
  /** Undefined without governance: what needs its stores is not served. */
  readonly state: State | undefined;
}

/** Everything under `/admin`; undefined where it is turned off. */
export function adminPlane({ admin, adminToken }: Config['server'], parts: AdminPlaneParts): Route | undefined {
  if (admin === 'off') return undefined;
  return adminRoute({
    operations: operationsOf(parts),
    guard: new Guard(admin, adminToken),
    storeTrouble: async () => parts.state?.durable.check(),
  });
}

function operationsOf({ state, ...parts }: AdminPlaneParts): Operation[] {
  const { governance, durable } = state ?? {};
  const operations = [
    ...planeOperations({ ...parts, audit: durable?.audit, health: governance && (() => governance.health) }),
    ...(state === undefined ? [] : stateOperations(state, parts.clock)),
  ];
  return [...operations, ...documents(operations)];
}

/** What needs nothing but the stores. */
export function stateOperations({ governance: { admin }, durable }: State, clock: Clock): Operation[] {
  return [...entityOperations(admin), ...recordOperations({ admin, durable, clock })];
}

/** Made when somebody asks: nobody else should pay for it. */
function documents(operations: readonly Operation[]): Operation[] {
  return [
    operation({
      method: 'GET',
      path: '/admin/openapi.json',
      name: 'getOpenApi',
      summary: 'This description, as OpenAPI 3.1.',
      access: 'open',
      run: () => ({ body: openApiOf(operations) }),
    }),
    operation({
      method: 'GET',
      path: '/admin/schema.json',
      name: 'getSchemas',
      summary: 'The JSON schema of customers, teams, virtual keys and the rest.',
      access: 'open',
      run: () => ({ body: adminJsonSchema() }),
    }),
  ];
}
