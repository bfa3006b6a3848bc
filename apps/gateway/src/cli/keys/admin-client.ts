import { openState, type Environment } from '@x/config';
import { PipelineError, systemClock, type JsonObject } from '@x/core';
import { stateOperations } from '../../admin/admin-plane.ts';
import { OperationTable } from '../../admin/operation-table.ts';
import { UsageError } from '../options.ts';
import { findConfig } from '../source.ts';

/** Calls the admin API, wherever that is. */
export interface AdminClient {
  /** For people: where it is. */
  readonly where: string;
  /** @throws UsageError that says what was refused, and why */
  call<Answer>(method: string, path: string, parts?: CallParts): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallParts {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: JsonObject;
}

/** Milliseconds for one call. */
const TIMEOUT_MS = 30_000;

/** The admin API of a gateway that runs. The token comes from the environment: a command line is there for everyone to read. */
export function overHttp(url: string, { ADMIN_TOKEN: token }: Environment): AdminClient {
  if (!token) throw new UsageError('--url needs the token of the gateway in the environment variable ADMIN_TOKEN');
  const base = url.replace(/\/+$/, '');
  return {
    where: `through ${base}`,
    async call<Answer>(method: string, path: string, { query = {}, body }: CallParts = {}) {
      const search = new URLSearchParams(query).toString();
      const address = `${base}${path}${search === '' ? '' : `?${search}`}`;
      let response: Response;
      let text: string;
      try {
        response = await fetch(address, {
          method,
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(TIMEOUT_MS),
          ...(body && { body: JSON.stringify(body) }),
        });
        text = await response.text();
      } catch (cause) {
        throw new UsageError(`no gateway answers at ${base}`, { cause });
      }
      const answer = parsed(text);
      if (answer !== undefined && response.ok) return answer as Answer;
      const { error } = (answer ?? {}) as { error?: { message?: string } };
      throw new UsageError(error?.message ?? `${base} is no gateway: it answers with ${response.status}`);
    },
    close: async () => undefined,
  };
}

function parsed(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}

/**
 * The same operations straight on the durable store of a configuration. A gateway that runs on it finds the changes within
 * `governance.pollMs`.
 */
export async function inStore(file: string, env: Environment): Promise<AdminClient> {
  const { config } = (await findConfig(file, env)) ?? {};
  if (config?.governance === undefined) throw new UsageError(`${file} has no section "governance", so it has no keys`);
  const { durable } = config.store;
  if (durable.type === 'sqlite' && durable.path === ':memory:') {
    throw new UsageError(`the store of ${file} is the memory of its gateway: give --url`);
  }
  // Nothing is admitted here, so nothing has to be counted with others.
  const store = { ...config.store, limits: { type: 'memory' } as const };
  const state = await openState({ ...config, store }, { clock: systemClock }).catch((cause: Error) => {
    throw new UsageError(`the store of ${file} cannot be opened: ${cause.message}`, { cause });
  });
  if (state === undefined) throw new UsageError(`${file} has no governance`);
  const table = new OperationTable(stateOperations(state, systemClock));
  return {
    where: durable.type === 'sqlite' ? `in ${durable.path}` : 'in the PostgreSQL of the configuration',
    async call<Answer>(method: string, path: string, { query = {}, body = {} }: CallParts = {}) {
      try {
        const { operation, params } = findIn(table, method, path);
        const { body: answer } = await operation.run({
          params,
          query,
          body,
          revision: undefined,
          actor: { via: 'cli' },
        });
        return JSON.parse(JSON.stringify(answer ?? {})) as Answer;
      } catch (error) {
        if (PipelineError.isInstance(error)) throw new UsageError(error.message, { cause: error });
        throw error;
      }
    },
    close: () => state.close(),
  };
}

function findIn(table: OperationTable, method: string, path: string) {
  const found = table.find(method, path);
  if (found.operation === undefined) throw new UsageError(`there is no ${method} ${path}`);
  return found;
}
