import { z } from 'zod';
import type { WireDialect } from '../dialects/dialect.ts';
import type { ErrorSite, ErrorStyle } from '../styles/style.ts';
import type { Reply } from '../wire/reply.ts';
import type { FaultExpectation } from './expectation.ts';
import { scheduleSchema } from './schedule.ts';

/** Where a fault strikes. */
export interface FaultSite extends ErrorSite {
  readonly dialect: WireDialect;
  readonly errors: ErrorStyle;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Sends an error of the provider's with the headers that stand on all of its answers. */
  readonly refuse: (answer: ReturnType<ErrorStyle['serverError']>, options?: RefuseOptions) => Reply;
}

export interface RefuseOptions {
  /** Milliseconds until it is sent. @default 0 */
  readonly delayMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Which requests a fault makes sense for. */
type FaultScope = 'any' | 'stream' | 'whole';

/** What a fault knows of the request that it might strike, beyond its schedule. */
export interface FaultMoment {
  /** Milliseconds since the faults were set. */
  readonly ageMs: number;
  /** The connection has carried a request before. */
  readonly reused: boolean;
  /** The rule's own memory, empty at first. */
  readonly memory: Map<string, number>;
}

/** A fault of the catalogue: `replace` answers in the provider's stead and costs no quota, `alter` spoils a good answer. */
export interface FaultDefinition<Params = never> {
  readonly scope: FaultScope;
  /** Whether it strikes, where its schedule lets it. @default always */
  readonly strikes?: (params: Params, moment: FaultMoment) => boolean;
  readonly replace?: (params: Params, site: FaultSite) => Reply;
  readonly alter?: (params: Params, reply: Reply, site: FaultSite) => Reply;
}

/** Parameters of a fault, its name and its schedule. */
function ruleSchema<Name extends string, Shape extends z.ZodRawShape>(name: Name, shape: Shape) {
  return z.strictObject({ name: z.literal(name), ...shape, when: scheduleSchema.optional() });
}

export interface FaultRow<Name extends string, Shape extends z.ZodRawShape> extends FaultDefinition<
  z.output<z.ZodObject<Shape>>
> {
  readonly name: Name;
  /** One sentence for people. */
  readonly does: string;
  readonly params: Shape;
  readonly expects: FaultExpectation;
  /** Whose own fault it is. @default that of any provider */
  readonly provider?: string;
}

/** One row of the catalogue: the rule's schema and what it does, tied together by the type of its parameters. */
export function fault<Name extends string, Shape extends z.ZodRawShape>(row: FaultRow<Name, Shape>) {
  const { name, does, params, expects, provider, ...definition } = row;
  return {
    name,
    does,
    expects,
    provider,
    schema: ruleSchema(name, params),
    definition: definition as unknown as FaultDefinition,
  };
}

/** Milliseconds until the fault shows. */
export const afterMs = z.number().nonnegative().default(0);
