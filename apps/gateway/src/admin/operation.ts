import type { JsonObject } from '@x/core';
import { parseAs } from '@x/governance';
import type { Actor } from '@x/store';
import type { z } from 'zod';

/** Who may: whoever has the token; whoever reaches the admin plane where no token is configured; or whoever reaches it. */
export type Access = 'token' | 'token-if-any' | 'open';

/** One call of an operation, as far as it has been checked. */
export interface Call<Query, Body> {
  /** Parts of the path by their names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** The revision of `If-Match`, for changes that must be of that very state. */
  readonly revision: number | undefined;
  readonly actor: Actor;
}

export interface Reply {
  /** @default 200, or 204 without a body */
  readonly status?: number;
  /** Anything that JSON can say. */
  readonly body?: unknown;
  /** Of what is in the body: goes out as `ETag`. */
  readonly revision?: number | null;
}

interface Described {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As `/admin/teams/{id}`. */
  readonly path: string;
  /** Unique; what generated clients call it. */
  readonly name: string;
  readonly summary: string;
  /** @default 'token' */
  readonly access?: Access;
  /** Whether it heeds `If-Match`. @default false */
  readonly ifMatch?: boolean;
  /** What its body is, where `run` checks it. */
  readonly takes?: z.ZodType;
  /** What a good answer is. */
  readonly gives?: z.ZodType;
  /** The status of a good answer. @default 200, or 204 where nothing is given */
  readonly status?: number;
}

/** An operation as its author writes it. */
interface Written<Query extends z.ZodType, Body extends z.ZodType> extends Described {
  readonly query?: Query;
  readonly body?: Body;
  readonly run: (call: Call<z.output<Query>, z.output<Body>>) => Reply | Promise<Reply>;
}

/** The same for whoever serves it. */
export interface Operation extends Described {
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** @throws PipelineError that names the field at fault */
  readonly run: (call: Call<unknown, JsonObject>) => Reply | Promise<Reply>;
}

/** Checks the query and the body before they get to `run`. */
export function operation<Query extends z.ZodType = z.ZodNever, Body extends z.ZodType = z.ZodType<JsonObject>>(
  written: Written<Query, Body>,
): Operation {
  const { query, body, run } = written;
  return {
    ...written,
    run: (call) =>
      run({
        ...call,
        query: (query && parseAs(query, call.query, 'query')) as z.output<Query>,
        body: (body ? parseAs(body, call.body, 'body') : call.body) as z.output<Body>,
      }),
  };
}
