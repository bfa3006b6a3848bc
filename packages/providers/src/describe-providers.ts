import { describe, orderProblems, type LayerDescription, type PlainOptions, type PlainValue } from '@x/core';

/** The handlers by their names. What one of them lacks it needs under its name: another one may have it. */
export function describeProviders(handlers: ReadonlyMap<string, unknown>): LayerDescription {
  const options: Record<string, PlainValue> = {};
  const needs: string[] = [];
  for (const [name, handler] of handlers) {
    const layers = describe(handler);
    options[name] = layers.at(-1)?.options ?? {};
    for (const { index } of orderProblems(layers)) {
      for (const need of layers[index]?.needs ?? []) needs.push(`${need}:${name}`);
    }
  }
  return { name: 'providers', options: options satisfies PlainOptions, needs };
}
