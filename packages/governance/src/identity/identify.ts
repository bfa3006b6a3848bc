import {
  described,
  PipelineError,
  TENANT,
  throwIfAborted,
  type LlmRequest,
  type LlmResponse,
  type Middleware,
} from '@x/core';
import type { Directory, Presented } from '../directory/directory.ts';
import type { Tenant } from '../directory/tenant.ts';
import { describeLevel } from '../limits/describe.ts';
import { VIRTUAL_KEY } from '../keys.ts';
import { GOVERNANCE_NOTES, GovernanceNotes } from '../notes/notes.ts';
import { isVirtualKey, presentedKey, withoutKeys } from './presented-key.ts';

/** What to do with callers that bring no virtual key. */
export type AnonymousPolicy =
  /** They are refused. */
  | 'reject'
  /** They are served without limits; what they use is in the ledger, for nobody. */
  | 'allow'
  /** They are taken for the holder of this virtual key, and share its limits. */
  | { readonly virtualKey: string };

export interface IdentifyOptions {
  readonly directory: Directory;
  /** @default 'reject' */
  readonly anonymous?: AnonymousPolicy | undefined;
}

/**
 * Finds out who the request is for, once, by its virtual key, and takes the key out of the request.
 */
export function identify(identity: Identity): Middleware<LlmRequest, LlmResponse> {
  const layer: Middleware<LlmRequest, LlmResponse> = (next) =>
    async function identify(request, context) {
      throwIfAborted(context.signal);
      const notes = context.get(GOVERNANCE_NOTES) ?? new GovernanceNotes();
      const tenant = identity.of(request.headers, context.clock.now());
      const stripped = { ...request, headers: withoutKeys(request.headers) };
      if (tenant === undefined) return next(stripped, context.with({}, GOVERNANCE_NOTES.of(notes)));
      notes.tenant = tenant;
      return next(stripped, context.with({}, GOVERNANCE_NOTES.of(notes), VIRTUAL_KEY.of(tenant), TENANT.of(tenant.id)));
    };
  return described(layer, { name: 'identify', options: { anonymous: identity.anonymous } });
}

/** Knows callers by what they send. */
export class Identity {
  readonly #directory: Directory;
  readonly anonymous: AnonymousPolicy;

  constructor({ directory, anonymous = 'reject' }: IdentifyOptions) {
    this.#directory = directory;
    this.anonymous = anonymous;
  }

  /** Undefined for nobody in particular. @throws PipelineError `authentication`, without the key */
  of(headers: LlmRequest['headers'], now: number): Tenant | undefined {
    const key = presentedKey(headers);
    const presented = key === undefined ? undefined : this.#directory.find(key);
    if (presented !== undefined) return this.#valid(presented, now);
    if (this.anonymous === 'reject') throw key === undefined ? required() : unknown();
    // A virtual key that is none is a mistake to be told of, not a caller without one.
    if (key !== undefined && isVirtualKey(key)) throw unknown();
    if (this.anonymous === 'allow') return undefined;
    const row = this.#directory.get('virtual-key', this.anonymous.virtualKey);
    if (row === undefined) throw required();
    return this.#valid({ row, previous: false }, now);
  }

  #valid({ row, previous }: Presented, now: number): Tenant {
    const { revokedAt, expiresAt, previous: older } = row.data;
    if (revokedAt !== undefined) throw refused('revoked', 'the virtual key was revoked');
    if (expiresAt !== undefined && now >= expiresAt) throw refused('expired', 'the virtual key has expired');
    if (previous && (older === undefined || now >= older.validUntil)) {
      throw refused('expired', 'the virtual key was replaced by another');
    }
    const tenant = this.#directory.tenantOf(row);
    if (tenant === undefined) throw refused('disabled', 'the team or the customer of the virtual key is gone');
    if (tenant.disabled) throw refused('disabled', `${describeLevel(tenant.disabled)} is switched off`);
    return tenant;
  }
}

function required(): PipelineError {
  return refused(
    'required',
    'a virtual key is required: send it as "Authorization: Bearer xk-...", or as x-gateway-key',
  );
}

function unknown(): PipelineError {
  return refused('unknown', 'nobody knows the virtual key');
}

function refused(why: string, message: string): PipelineError {
  return new PipelineError('authentication', message, { code: `virtual_key_${why}` });
}
