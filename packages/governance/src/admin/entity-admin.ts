import { randomBytes } from 'node:crypto';
import type { Clock, JsonObject } from '@x/core';
import type { Actor, AuditEntry, EntityKind, EntityStore } from '@x/store';
import type { z } from 'zod';
import type { DirectoryFeed } from '../directory/directory-feed.ts';
import type { Directory } from '../directory/directory.ts';
import { SCHEMAS, type DataOf, type Row } from '../directory/row.ts';
import { idSchema } from '../entities/entities.ts';
import { parseAs } from '../entities/parse.ts';
import { conflict, noSuchOwner, notFound, ownedByConfiguration } from './errors.ts';
import { toJson, viewOf, type DataViewOf, type EntityView } from './views.ts';

export interface EntityAdminInit {
  readonly directory: Directory;
  readonly feed: DirectoryFeed;
  readonly entities: EntityStore;
  readonly clock: Clock;
}

export interface ListQuery {
  /** The id after which to go on. */
  readonly after?: string;
  /** @default 100 */
  readonly limit?: number;
  /** Those of one team. */
  readonly team?: string;
  /** Those of one customer, directly. */
  readonly customer?: string;
}

export interface CreateOptions {
  /** @default one that is made up */
  readonly id?: string | undefined;
  readonly actor: Actor;
}

export interface ChangeOptions {
  readonly actor: Actor;
  /** The revision that the change was made from. @default whatever is there */
  readonly revision?: number | undefined;
}

interface Owned {
  readonly team?: string | undefined;
  readonly customer?: string | undefined;
}

const ID_PREFIX = { customer: 'c', team: 't', 'virtual-key': 'vk' } as const;

/** Entities that belong to others, by what they call them. */
const OWNERS = { team: 'team', customer: 'customer' } as const;

/** Creates, reads, changes and deletes entities of one kind. Every change is checked whole, audited, and known here at once. */
export class EntityAdmin<K extends EntityKind, Input extends object> {
  readonly kind: K;
  readonly #init: EntityAdminInit;

  constructor(kind: K, init: EntityAdminInit) {
    this.kind = kind;
    this.#init = init;
  }

  /** By id, so that a page begins where the one before ended, whatever has changed meanwhile. */
  list({ after = '', limit = 100, team, customer }: ListQuery = {}): readonly EntityView<DataViewOf<K>>[] {
    const first: Row<K>[] = [];
    for (const row of this.#init.directory.rows(this.kind)) {
      const asked = (team === undefined || row.team === team) && (customer === undefined || row.customer === customer);
      if (asked && row.id > after) keepFirst(first, row, limit);
    }
    return first.map((row) => this.#view(row));
  }

  /** @throws PipelineError `invalid_request`, code `entity_not_found` */
  get(id: string): EntityView<DataViewOf<K>> {
    return this.#view(this.row(id));
  }

  /** @throws PipelineError `invalid_request`: a field that is not right, an id that is taken */
  async create(input: Input, { id = this.#newId(), actor }: CreateOptions): Promise<EntityView<DataViewOf<K>>> {
    parseAs(idSchema, id, 'id');
    if (this.#init.directory.get(this.kind, id) !== undefined) {
      throw conflict(`there is a ${this.kind} ${JSON.stringify(id)} already`);
    }
    return this.write(id, input, { actor, action: 'create', expected: 0 });
  }

  /** Sets the members that are given; null takes one away. @throws as `create` */
  async update(id: string, changes: object, { actor, revision }: ChangeOptions): Promise<EntityView<DataViewOf<K>>> {
    const row = this.changeable(id);
    const expected = revision ?? row.revision;
    return this.write(id, merged(toJson(row.data), changes), { actor, action: 'update', expected });
  }

  /** What it used stays in the ledger. @throws PipelineError `invalid_request`, code `conflict`, where others belong to it */
  async delete(id: string, { actor, revision }: ChangeOptions): Promise<void> {
    const row = this.changeable(id);
    const user = this.#userOf(id);
    if (user !== undefined) throw conflict(`${user.kind} ${JSON.stringify(user.id)} belongs to it`);
    const options = { actor, action: 'delete', expected: revision ?? row.revision } as const;
    await this.#init.entities.delete(this.kind, id, options);
    await this.#init.feed.refresh();
  }

  row(id: string): Row<K> {
    const row = this.#init.directory.get(this.kind, id);
    if (row === undefined) throw notFound(this.kind, id);
    return row;
  }

  changeable(id: string): Row<K> {
    const row = this.row(id);
    if (row.owned) throw ownedByConfiguration(this.kind, id);
    return row;
  }

  async write(
    id: string,
    value: object,
    options: { readonly actor: Actor; readonly action: AuditEntry['action']; readonly expected: number },
  ): Promise<EntityView<DataViewOf<K>>> {
    const data: DataOf[K] = parseAs<z.ZodType<DataOf[K]>>(SCHEMAS[this.kind] as never, value, this.kind);
    this.#checkOwners(data as Owned);
    const entity = await this.#init.entities.put({ kind: this.kind, id, data: toJson(data) }, options);
    this.#init.directory.apply(entity);
    return this.get(id);
  }

  #checkOwners(data: Owned): void {
    for (const owner of Object.values(OWNERS)) {
      const id = data[owner];
      if (id !== undefined && this.#init.directory.get(owner, id) === undefined) throw noSuchOwner(owner, id);
    }
  }

  /** One that belongs to it. */
  #userOf(id: string): Row | undefined {
    if (this.kind === 'virtual-key') return undefined;
    const owner = OWNERS[this.kind as 'team' | 'customer'];
    for (const kind of ['team', 'virtual-key'] as const) {
      for (const row of this.#init.directory.rows(kind)) if (row[owner] === id) return row;
    }
    return undefined;
  }

  #view(row: Row<K>): EntityView<DataViewOf<K>> {
    return viewOf(row, this.#init.clock.now());
  }

  #newId(): string {
    return `${ID_PREFIX[this.kind]}-${randomBytes(8).toString('hex')}`;
  }
}

/** Puts a row in its place among the first `limit`: of a hundred thousand few ever get there, so nothing is sorted. */
function keepFirst<K extends EntityKind>(first: Row<K>[], row: Row<K>, limit: number): void {
  if (first.length >= limit && row.id > (first.at(-1)?.id ?? '')) return;
  let low = 0;
  let high = first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((first[middle]?.id ?? '') < row.id) low = middle + 1;
    else high = middle;
  }
  first.splice(low, 0, row);
  if (first.length > limit) first.pop();
}

function merged(before: JsonObject, changes: object): object {
  // Without a prototype, so that no name means anything but a member.
  const after = Object.assign(Object.create(null) as Record<string, unknown>, before);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) delete after[name];
    else if (value !== undefined) after[name] = value;
  }
  return after;
}
