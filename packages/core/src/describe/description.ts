/** Data that can be printed, compared and sent as JSON. */
export type PlainValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly PlainValue[]
  | { readonly [name: string]: PlainValue };

/** Options of a layer as plain data, without secrets. */
export type PlainOptions = { readonly [name: string]: PlainValue };

/** What a layer, or the handler at the end of a pipeline, says of itself. */
export interface LayerDescription {
  /** As its factory is called: `backoff`, `telemetry.request`. */
  readonly name: string;
  /** With defaults filled in. `false` where the layer is turned off, undefined where nothing is known. */
  readonly options?: PlainOptions | false | undefined;
  /** What it calls `next` for, again and again: `target`, `attempt`, `key`. @default it calls it once */
  readonly repeats?: string | undefined;
  /**
   * What it puts into the context that others cannot do without, such as `credential`; `credential:openai` where it has it for
   * one provider alone.
   */
  readonly gives?: readonly string[] | undefined;
  /** What some layer above it must give. */
  readonly needs?: readonly string[] | undefined;
}

// By `Symbol.for`, so that duplicate copies of this package understand each other.
const DESCRIPTION = Symbol.for('@x/core.description');

type AnyFunction = (...args: never[]) => unknown;

/** Attaches a description to a layer or a handler, and returns it. A second description replaces the first. */
export function described<Subject extends AnyFunction>(subject: Subject, description: LayerDescription): Subject {
  return Object.defineProperty(subject, DESCRIPTION, { value: description, configurable: true });
}

/** What was attached to a function, or undefined. */
export function descriptionOf(subject: unknown): LayerDescription | undefined {
  if (typeof subject !== 'function') return undefined;
  return (subject as { [DESCRIPTION]?: LayerDescription })[DESCRIPTION];
}
