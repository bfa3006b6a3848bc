import type { EntityChange, EntityKind, LimitStore } from '@x/store';
import { hashKey } from '../identity/virtual-key-secret.ts';
import { OWNED, Row } from './row.ts';
import { SharedTexts } from './shared-texts.ts';
import { Tenant } from './tenant.ts';

/** A key that a caller sent, and what it stands for. */
export interface Presented {
  readonly row: Row<'virtual-key'>;
  /** It is the key before the last rotation. */
  readonly previous: boolean;
}

/** Keys that callers sent lately, so that hashing them is not paid for each request. */
const MOST_PRESENTED = 10_000;

/** All entities by id, and virtual keys by the hash of their key. In memory, and as new as the last change that was applied. */
export class Directory {
  /** Of the newest change. */
  revision = 0;
  readonly #store: LimitStore;
  readonly #rows: { readonly [K in EntityKind]: Map<string, Row<K>> } = {
    customer: new Map(),
    team: new Map(),
    'virtual-key': new Map(),
  };
  readonly #texts = new SharedTexts();
  readonly #byHash = new Map<string, Row<'virtual-key'>>();
  readonly #presented = new Map<string, Presented>();
  /** Of teams and customers: tenants of an older one are made anew. */
  #generation = 0;

  constructor(store: LimitStore) {
    this.#store = store;
  }

  /** Undefined for a key that nobody has. */
  find(key: string): Presented | undefined {
    const known = this.#presented.get(key);
    if (known?.row.current === true) return known;
    const hash = hashKey(key);
    const row = this.#byHash.get(hash);
    if (row === undefined) {
      this.#presented.delete(key);
      return undefined;
    }
    // The secrets go with it: what is not presented again is not held.
    if (this.#presented.size >= MOST_PRESENTED) this.#presented.clear();
    const presented = { row, previous: row.keyHash !== hash };
    this.#presented.set(key, presented);
    return presented;
  }

  get<K extends EntityKind>(kind: K, id: string): Row<K> | undefined {
    return this.#rows[kind].get(id);
  }

  rows<K extends EntityKind>(kind: K): Iterable<Row<K>> {
    return this.#rows[kind].values();
  }

  count(kind: EntityKind): number {
    return this.#rows[kind].size;
  }

  /** Undefined where its team or its customer is gone. */
  tenantOf(row: Row<'virtual-key'>): Tenant | undefined {
    if (row.tenant === undefined || row.generation !== this.#generation) {
      row.tenant = this.#makeTenant(row);
      row.generation = this.#generation;
    }
    return row.tenant;
  }

  /** Takes a change in, unless a newer one is there already, or the configuration owns the entity. */
  apply({ kind, id, revision, data }: EntityChange): void {
    if (revision !== OWNED && revision > this.revision) this.revision = revision;
    const before = this.#rows[kind].get(id);
    if (before !== undefined && (before.owned ? revision !== OWNED : before.revision >= revision)) return;
    if (kind !== 'virtual-key') this.#generation += 1;
    if (before !== undefined) this.#remove(before);
    if (data === undefined) return;
    const row = new Row({ kind, id, data, revision }, this.#texts);
    (this.#rows[kind] as Map<string, Row>).set(id, row);
    if (!isVirtualKey(row)) return;
    if (row.keyHash !== undefined) this.#byHash.set(row.keyHash, row);
    if (row.previousHash !== undefined) this.#byHash.set(row.previousHash, row);
  }

  #remove(row: Row): void {
    row.current = false;
    this.#rows[row.kind].delete(row.id);
    for (const hash of [row.keyHash, row.previousHash]) {
      if (hash !== undefined && this.#byHash.get(hash) === row) this.#byHash.delete(hash);
    }
  }

  #makeTenant(row: Row<'virtual-key'>): Tenant | undefined {
    const { data } = row;
    const team = data.team === undefined ? undefined : this.get('team', data.team);
    const customerId = team === undefined ? data.customer : team.data.customer;
    const customer = customerId === undefined ? undefined : this.get('customer', customerId);
    if ((data.team !== undefined && team === undefined) || (customerId !== undefined && customer === undefined)) {
      return undefined;
    }
    return new Tenant({ virtualKey: row, team, customer, store: this.#store });
  }
}

function isVirtualKey(row: Row): row is Row<'virtual-key'> {
  return row.kind === 'virtual-key';
}
