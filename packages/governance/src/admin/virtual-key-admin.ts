import type { Clock } from '@x/core';
import type { Actor } from '@x/store';
import { virtualKeyInputSchema, type VirtualKeyInput } from '../entities/entities.ts';
import { parseAs } from '../entities/parse.ts';
import { createKeySecret } from '../identity/virtual-key-secret.ts';
import {
  EntityAdmin,
  type ChangeOptions,
  type CreateOptions,
  type EntityAdminInit,
  type ListQuery,
} from './entity-admin.ts';
import { conflict } from './errors.ts';
import { toJson, type EntityView, type VirtualKeyData } from './views.ts';

/** A virtual key, and the key itself, which is shown this once. */
export interface CreatedVirtualKey {
  readonly virtualKey: EntityView<VirtualKeyData>;
  /** Secret. */
  readonly key: string;
}

export interface RotateOptions {
  readonly actor: Actor;
  /** Milliseconds for which the key before is still taken. 0 for not at all. @default a day */
  readonly graceMs?: number | undefined;
}

const DAY_MS = 86_400_000;
const LONGEST_GRACE_MS = 90 * DAY_MS;

/** Members that are not for operators to write. */
const KEPT = ['keyHash', 'prefix', 'createdAt', 'revokedAt', 'previous'] as const;

/** Virtual keys. What is kept of a key is its hash. */
export class VirtualKeyAdmin {
  readonly #entities: EntityAdmin<'virtual-key', object>;
  readonly #clock: Clock;

  constructor(init: EntityAdminInit) {
    this.#entities = new EntityAdmin('virtual-key', init);
    this.#clock = init.clock;
  }

  list(query: ListQuery = {}): readonly EntityView<VirtualKeyData>[] {
    return this.#entities.list(query);
  }

  /** @throws PipelineError `invalid_request`, code `entity_not_found` */
  get(id: string): EntityView<VirtualKeyData> {
    return this.#entities.get(id);
  }

  /** @throws PipelineError `invalid_request`: a field that is not right, an id that is taken */
  async create(input: VirtualKeyInput, options: CreateOptions): Promise<CreatedVirtualKey> {
    const data = parseAs(virtualKeyInputSchema, input, 'virtual-key');
    const { key, keyHash, prefix } = createKeySecret();
    const virtualKey = await this.#entities.create({ ...data, keyHash, prefix, createdAt: this.#now() }, options);
    return { virtualKey, key };
  }

  /** Sets the members that are given; null takes one away. @throws as `create` */
  async update(id: string, changes: object, options: ChangeOptions): Promise<EntityView<VirtualKeyData>> {
    const { data } = this.#entities.changeable(id);
    const after: Record<string, unknown> = { ...toJson(data), ...changes };
    for (const name of KEPT) delete after[name];
    for (const [name, value] of Object.entries(after)) if (value === null) delete after[name];
    // So that a member that is not for operators is named as unknown, instead of being changed.
    for (const name of KEPT) if (name in changes) after[name] = null;
    parseAs(virtualKeyInputSchema, after, 'virtual-key');
    return this.#entities.update(id, changes, options);
  }

  /** Another key for the same entity. The one before is taken until its grace is over; the one before that no longer. */
  async rotate(id: string, { actor, graceMs = DAY_MS }: RotateOptions): Promise<CreatedVirtualKey> {
    if (!(graceMs >= 0 && graceMs <= LONGEST_GRACE_MS)) {
      throw new RangeError(`rotate: graceMs must be from 0 to ${LONGEST_GRACE_MS}, got ${String(graceMs)}`);
    }
    const row = this.#entities.changeable(id);
    if (row.data.revokedAt !== undefined) throw conflict('the virtual key was revoked');
    const { key, keyHash, prefix } = createKeySecret();
    const previous = { keyHash: row.data.keyHash, validUntil: this.#now() + graceMs };
    const changes = { keyHash, prefix, previous: graceMs > 0 ? previous : undefined };
    const options = { actor, action: 'rotate', expected: row.revision } as const;
    const virtualKey = await this.#entities.write(id, { ...row.data, ...changes }, options);
    return { virtualKey, key };
  }

  /** At once here, and at every other replica with its next look. Never undone: make another key instead. */
  async revoke(id: string, { actor }: { readonly actor: Actor }): Promise<EntityView<VirtualKeyData>> {
    const row = this.#entities.changeable(id);
    if (row.data.revokedAt !== undefined) return this.get(id);
    const { previous: _, ...data } = row.data;
    const options = { actor, action: 'revoke', expected: row.revision } as const;
    return this.#entities.write(id, { ...data, revokedAt: this.#now() }, options);
  }

  /** What it used stays in the ledger. */
  delete(id: string, options: ChangeOptions): Promise<void> {
    return this.#entities.delete(id, options);
  }

  #now(): number {
    return Math.floor(this.#clock.now());
  }
}
