import { descriptionOf, type LayerDescription } from './description.ts';
import { partsOf } from './parts.ts';

/** A layer in its place. */
export interface DescribedLayer extends LayerDescription {
  /** How often it runs: what the nearest layer above it that calls `next` again does so for. Undefined for once. */
  readonly per: string | undefined;
  /** Nothing is known but the name of its function: it may give and need what it likes. */
  readonly foreign: boolean;
}

/**
 * The layers of a pipeline, outermost first, and its handler last. Composed layers and pipelines in pipelines are taken apart.
 * Anything else is one handler, with the name of its function.
 */
export function describe(pipeline: unknown): DescribedLayer[] {
  const described: DescribedLayer[] = [];
  let per: string | undefined;
  for (const part of flatten(pipeline)) {
    const known = descriptionOf(part);
    described.push({ ...(known ?? { name: nameOf(part) }), per, foreign: known === undefined });
    if (known?.options !== false) per = known?.repeats ?? per;
  }
  return described;
}

function flatten(part: unknown): unknown[] {
  const parts = partsOf(part);
  if (parts === undefined) return [part];
  const layers = parts.layers.flatMap(flatten);
  return parts.handler === undefined ? layers : [...layers, ...flatten(parts.handler)];
}

function nameOf(part: unknown): string {
  return (typeof part === 'function' && part.name) || 'anonymous';
}
