import { PipelineError, type JsonObject, type JsonValue } from '@x/core';
import type { EntityKind } from '@x/store';
import {
  customerSchema,
  teamSchema,
  virtualKeySchema,
  type Customer,
  type Team,
  type VirtualKey,
} from '../entities/entities.ts';
import { parseAs } from '../entities/parse.ts';
import type { Tenant } from './tenant.ts';

export interface DataOf {
  readonly customer: Customer;
  readonly team: Team;
  readonly 'virtual-key': VirtualKey;
}

export const SCHEMAS = { customer: customerSchema, team: teamSchema, 'virtual-key': virtualKeySchema } as const;

/** Changes of entities that a configuration owns: none counts. */
export const OWNED = Infinity;

/**
 * One entity. A hundred thousand virtual keys are held, of which a few are used: each is kept as text, a third of the size of
 * what it means, and parsed when it is asked for.
 */
export class Row<K extends EntityKind = EntityKind> {
  readonly kind: K;
  readonly id: string;
  readonly revision: number;
  /** Of a virtual key: by which it is found. */
  readonly keyHash: string | undefined;
  readonly previousHash: string | undefined;
  /** Ids of what it belongs to. */
  readonly team: string | undefined;
  readonly customer: string | undefined;
  /** Until another one has taken its place. */
  current = true;
  /** Of a virtual key: what it was made to, and when. */
  tenant: Tenant | undefined;
  generation = -1;
  readonly #text: string;
  #data: DataOf[K] | undefined;

  constructor(kind: K, id: string, data: JsonObject, revision: number) {
    this.kind = kind;
    this.id = id;
    this.revision = revision;
    this.#text = JSON.stringify(data);
    this.keyHash = textOf(data['keyHash']);
    this.team = textOf(data['team']);
    this.customer = textOf(data['customer']);
    const previous = data['previous'];
    this.previousHash =
      typeof previous === 'object' && previous !== null && 'keyHash' in previous ? textOf(previous.keyHash) : undefined;
  }

  /** Whether a configuration owns it. */
  get owned(): boolean {
    return this.revision === OWNED;
  }

  /** @throws PipelineError `server_error`, code `entity_invalid`, for one that was not written by this code */
  get data(): DataOf[K] {
    return (this.#data ??= this.#parse());
  }

  #parse(): DataOf[K] {
    try {
      return parseAs(SCHEMAS[this.kind], JSON.parse(this.#text), this.kind) as DataOf[K];
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `${this.kind} ${JSON.stringify(this.id)} cannot be read: ${why}`;
      throw new PipelineError('server_error', message, { code: 'entity_invalid', cause });
    }
  }
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
