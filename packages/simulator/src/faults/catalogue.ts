import { z } from 'zod';
import { BODY_FAULTS } from './bodies.ts';
import { CONNECTION_FAULTS } from './connections.ts';
import type { FaultDefinition } from './definition.ts';
import type { FaultExpectation } from './expectation.ts';
import { FRAME_FAULTS } from './frames.ts';
import { FRAMING_FAULTS } from './framing.ts';
import { OUTAGES } from './outages.ts';
import { PROVIDER_FAULTS } from './providers/catalogue.ts';
import { REFUSALS } from './refusals.ts';
import { STREAM_FAULTS } from './streams.ts';

const CATALOGUE = [
  ...REFUSALS,
  ...OUTAGES,
  ...CONNECTION_FAULTS,
  ...FRAMING_FAULTS,
  ...BODY_FAULTS,
  ...STREAM_FAULTS,
  ...FRAME_FAULTS,
  ...PROVIDER_FAULTS,
] as const;

type Row = (typeof CATALOGUE)[number];

/** What goes wrong, and when: `{ name: 'cut_stream', afterEvents: 2, when: { provider: 'openai', probability: 0.1 } }`. */
export type FaultRule = z.input<Row['schema']>;
export type FaultName = FaultRule['name'];

/** A rule with its defaults filled in. */
export type ResolvedFaultRule = z.output<Row['schema']>;

const schemas = CATALOGUE.map(({ schema }) => schema) as unknown as [Row['schema'], ...Row['schema'][]];

export const faultRuleSchema: z.ZodType<ResolvedFaultRule, FaultRule> = z.discriminatedUnion('name', schemas);

/** A fault as people and test suites see it. */
export interface FaultDescription {
  readonly name: FaultName;
  /** One sentence. */
  readonly does: string;
  readonly expects: FaultExpectation;
  /** Whose own words these are; undefined for what may happen at any. */
  readonly provider: string | undefined;
}

export const FAULTS: readonly FaultDescription[] = CATALOGUE.map(({ name, does, expects, provider }) => ({
  name,
  does,
  expects,
  provider,
}));

export const FAULT_NAMES: readonly FaultName[] = FAULTS.map(({ name }) => name);

const DEFINITIONS = new Map<string, FaultDefinition>(CATALOGUE.map(({ name, definition }) => [name, definition]));

/** What a rule does. Its parameters fit, since the same row holds their schema. */
export function definitionOf(rule: ResolvedFaultRule): FaultDefinition<ResolvedFaultRule> {
  return DEFINITIONS.get(rule.name) as unknown as FaultDefinition<ResolvedFaultRule>;
}
