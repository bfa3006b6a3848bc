import {
  createContext,
  pipeline,
  Trail,
  TRAIL,
  type Context,
  type FindModel,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type ModelPrice,
} from '@x/core';
import { chatCompletion, chatRequest, VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore, type MemoryLimitStore } from '@x/store/memory';
import { createGovernance, type Governance } from '../governance.ts';
import { GOVERNANCE_NOTES, GovernanceNotes } from '../notes/notes.ts';
import type { GovernanceOptions } from '../options.ts';
import { FakeDurable } from './fake-durable.ts';

/** 1 USD per million tokens of input, 2 of output. */
export const PRICE: ModelPrice = {
  inputTokens: 1_000,
  cacheReadTokens: 1_000,
  cacheWriteTokens: 1_000,
  outputTokens: 2_000,
  reasoningTokens: 2_000,
};

export const findModel: FindModel = () => ({ price: PRICE, maxOutputTokens: 1_000 });

export function usage(inputTokens: number, outputTokens: number) {
  return { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
}

export const actor = { via: 'test' };

export interface BenchOptions extends Partial<GovernanceOptions> {
  readonly clock?: VirtualClock;
  readonly durable?: FakeDurable;
  readonly store?: MemoryLimitStore;
}

/** Governance over stores in memory, in virtual time. */
export class GovernanceBench {
  readonly clock: VirtualClock;
  readonly durable: FakeDurable;
  readonly store: MemoryLimitStore;
  readonly governance: Governance;

  private constructor(parts: Pick<GovernanceBench, 'clock' | 'durable' | 'store' | 'governance'>) {
    this.clock = parts.clock;
    this.durable = parts.durable;
    this.store = parts.store;
    this.governance = parts.governance;
  }

  static async open(options: BenchOptions = {}): Promise<GovernanceBench> {
    const clock = options.clock ?? new VirtualClock();
    const durable = options.durable ?? new FakeDurable();
    const store = options.store ?? createMemoryLimitStore({ clock });
    // A directory that looks for changes keeps a timer, which would keep virtual time running.
    const governance = await createGovernance({ findModel, ...options, clock, durable, store });
    return new GovernanceBench({ clock, durable, store, governance });
  }

  /** A virtual key. */
  async key(data: object = {}, id = 'key'): Promise<string> {
    const { key } = await this.governance.admin.virtualKeys.create({ name: id, ...data }, { id, actor });
    return key;
  }

  handler(next: Handler<LlmRequest, LlmResponse> = async () => chatCompletion({ usage: usage(10, 5) })) {
    return pipeline([this.governance.identify(), this.governance.authorize()], next);
  }

  context(options: { readonly signal?: AbortSignal } = {}): Context & { readonly notes: GovernanceNotes } {
    const notes = new GovernanceNotes();
    const context = createContext({ clock: this.clock, ...options }, TRAIL.of(new Trail()), GOVERNANCE_NOTES.of(notes));
    return Object.assign(context, { notes });
  }

  async leases(kind: 'customer' | 'team' | 'virtual-key' = 'virtual-key', id = 'key') {
    return this.governance.admin.limits.leases(kind, id);
  }
}

/** A request of the holder of a virtual key. */
export function keyed(key: string, body: Parameters<typeof chatRequest>[0] = {}): LlmRequest {
  return { ...chatRequest({ max_tokens: 100, ...body }), headers: { authorization: `Bearer ${key}` } };
}
