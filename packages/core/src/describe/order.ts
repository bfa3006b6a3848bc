import type { DescribedLayer } from './describe.ts';

/** What must hold between two layers of a pipeline, as data. */
export interface OrderRule {
  /** The layer that the rule is about. A pipeline without it keeps the rule, and so does one where it is turned off. */
  readonly layer: string;
  /** Layers or things given, one of which must stand above it. */
  readonly needs?: readonly string[] | undefined;
  /** Layers, one of which must stand below it. */
  readonly over?: readonly string[] | undefined;
  /** Layers that must not stand above it. */
  readonly before?: readonly string[] | undefined;
  /** What goes wrong otherwise, as the end of a sentence. */
  readonly because: string;
}

/** A layer that cannot work where it stands. */
export interface OrderProblem {
  readonly layer: string;
  /** Its place in the pipeline, counting from 0. */
  readonly index: number;
  readonly message: string;
}

/**
 * What cannot work in a pipeline: a layer that lacks what it needs, by its own description, or that breaks one of the rules. Above
 * a foreign layer nothing is known of what is given, so below it nothing is missed.
 */
export function orderProblems(layers: readonly DescribedLayer[], rules: readonly OrderRule[] = []): OrderProblem[] {
  return layers.flatMap((layer, index) => {
    if (layer.options === false) return [];
    const above = layers.slice(0, index).filter(({ options }) => options !== false);
    const below = layers.slice(index + 1).filter(({ options }) => options !== false);
    const messages = [...missing(layer, above), ...broken(layer, { above, below }, rules)];
    return messages.map((message) => ({ layer: layer.name, index, message }));
  });
}

function missing({ name, needs = [] }: DescribedLayer, above: readonly DescribedLayer[]): string[] {
  return needs
    .filter((need) => !isGiven(need, above))
    .map((need) => `${name} needs "${need}", which no layer above it gives`);
}

interface Others {
  readonly above: readonly DescribedLayer[];
  readonly below: readonly DescribedLayer[];
}

function broken({ name }: DescribedLayer, { above, below }: Others, rules: readonly OrderRule[]): string[] {
  const messages: string[] = [];
  for (const { layer, needs, over, before = [], because } of rules) {
    if (layer !== name) continue;
    if (needs !== undefined && !needs.some((need) => isGiven(need, above))) {
      messages.push(`${name} must stand below ${needs.join(' or ')}: ${because}`);
    }
    if (over !== undefined && !below.some((other) => other.foreign || over.includes(other.name))) {
      messages.push(`${name} must stand above ${over.join(' or ')}: ${because}`);
    }
    const wrong = above.filter((other) => before.includes(other.name)).map((other) => other.name);
    if (wrong.length > 0) messages.push(`${name} must stand above ${wrong.join(' and ')}: ${because}`);
  }
  return messages;
}

function isGiven(need: string, above: readonly DescribedLayer[]): boolean {
  return above.some(
    ({ name, gives = [], foreign }) => foreign || name === need || gives.some((gift) => answers(gift, need)),
  );
}

/** `credential` is for all providers: it answers `credential:openai`, and is answered by it. */
function answers(gift: string, need: string): boolean {
  return gift === need || gift.startsWith(`${need}:`) || need.startsWith(`${gift}:`);
}
