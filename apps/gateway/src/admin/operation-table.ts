import { PipelineError } from '@x/core';
import type { Operation } from './operation.ts';

/** What a method and a path stand for. */
export type Match =
  | { readonly operation: Operation; readonly params: Readonly<Record<string, string>> }
  /** Nothing; `methods` are those that the path does have. */
  | { readonly operation: undefined; readonly methods: readonly string[] };

/** Finds operations by method and path. */
export class OperationTable {
  readonly #rows: readonly { readonly operation: Operation; readonly pattern: RegExp }[];

  constructor(operations: readonly Operation[]) {
    this.#rows = operations.map((operation) => ({ operation, pattern: patternOf(operation.path) }));
  }

  /** @throws PipelineError `invalid_request` for a path with a `%` that escapes nothing */
  find(method: string, path: string): Match {
    const methods: string[] = [];
    for (const { operation, pattern } of this.#rows) {
      const match = pattern.exec(path);
      if (match === null) continue;
      if (operation.method === method) return { operation, params: decoded(match.groups ?? {}) };
      methods.push(operation.method);
    }
    return { operation: undefined, methods };
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch (cause) {
    const message = 'the path has a % that escapes nothing';
    throw new PipelineError('invalid_request', message, { code: 'invalid_field', param: 'path', cause });
  }
}
