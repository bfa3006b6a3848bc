import type { JsonObject } from '@x/core';
import type { EntityKind } from '@x/store';
import type { DataOf, Row } from '../directory/row.ts';
import type { VirtualKey } from '../entities/entities.ts';

/** An entity as operators see it. */
export interface EntityView<T> {
  readonly id: string;
  /** Where it is changed. */
  readonly owner: 'store' | 'configuration';
  /** Counts changes, for a change that must be of this very state. Null where the configuration owns it. */
  readonly revision: number | null;
  readonly data: T;
}

/** A virtual key without anything that it could be found by. */
export interface VirtualKeyData extends Omit<VirtualKey, 'keyHash' | 'previous'> {
  readonly status: 'active' | 'disabled' | 'expired' | 'revoked';
  /** Epoch milliseconds until which the key before the last rotation is taken too. */
  readonly previousValidUntil: number | undefined;
}

export type DataViewOf<K extends EntityKind> = K extends 'virtual-key' ? VirtualKeyData : DataOf[K];

export function viewOf<K extends EntityKind>(row: Row<K>, now: number): EntityView<DataViewOf<K>> {
  const { data } = row;
  return {
    id: row.id,
    owner: row.owned ? 'configuration' : 'store',
    revision: row.owned ? null : row.revision,
    data: ('keyHash' in data ? virtualKeyView(data, now) : data) as DataViewOf<K>,
  };
}

function virtualKeyView(virtualKey: VirtualKey, now: number): VirtualKeyData {
  const { keyHash: _, previous, ...data } = virtualKey;
  return { ...data, status: statusOf(data, now), previousValidUntil: previous?.validUntil };
}

function statusOf(data: Omit<VirtualKey, 'keyHash' | 'previous'>, now: number): VirtualKeyData['status'] {
  if (data.revokedAt !== undefined) return 'revoked';
  if (data.expiresAt !== undefined && now >= data.expiresAt) return 'expired';
  return data.enabled ? 'active' : 'disabled';
}

/** As JSON has it: without members that are undefined. */
export function toJson(value: object): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
