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
import type { SharedTexts } from './shared-texts.ts';
import type { Tenant } from './tenant.ts';

export interface DataOf {
  readonly customer: Customer;
  readonly team: Team;
  readonly 'virtual-key': VirtualKey;
}

export const SCHEMAS = { customer: customerSchema, team: teamSchema, 'virtual-key': virtualKeySchema } as const;

export interface RowInit<K extends EntityKind> {
  readonly kind: K;
  readonly id: string;
  readonly data: JsonObject;
  readonly revision: number;
}

/** Changes of entities that a configuration owns: none counts. */
export const OWNED = Infinity;

/** Members that many keys have alike: what they may do, and whose they are. */
const ALIKE = ['allow', 'deny', 'budgets', 'limits', 'providers', 'team', 'customer'] as const;

/**
 * One entity. A hundred thousand virtual keys are held, of which a few are used: each is kept as text, parsed when it is asked for, and
 * shares the text of its rules with those that have the same.
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
  readonly #own: string;
  readonly #alike: string;
  #data: DataOf[K] | undefined;

  constructor({ kind, id, data, revision }: RowInit<K>, texts: SharedTexts) {
    this.kind = kind;
    this.id = id;
    this.revision = revision;
    const { keyHash, previous, ...rest } = data;
    this.keyHash = textOf(keyHash);
    this.previousHash =
      typeof previous === 'object' && previous !== null && 'keyHash' in previous ? textOf(previous.keyHash) : undefined;
    this.team = texts.shared(textOf(data['team']));
    this.customer = texts.shared(textOf(data['customer']));
    const alike: Record<string, unknown> = {};
    const own: Record<string, unknown> = { ...rest, previous };
    for (const name of ALIKE) {
      alike[name] = own[name];
      own[name] = undefined;
    }
    // Without its hash, which is kept anyway.
    this.#own = JSON.stringify(this.keyHash === undefined ? { ...own, keyHash } : own);
    this.#alike = texts.shared(JSON.stringify(alike));
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
      const { keyHash } = this;
      const own = { ...(JSON.parse(this.#own) as object), ...(keyHash === undefined ? {} : { keyHash }) };
      const data: unknown = { ...own, ...(JSON.parse(this.#alike) as object) };
      return parseAs(SCHEMAS[this.kind], data, this.kind) as DataOf[K];
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
