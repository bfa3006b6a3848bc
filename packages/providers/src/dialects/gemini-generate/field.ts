import type { JsonObject, JsonValue } from '@x/core';

const SNAKE = new Map<string, string>();

/** A member by its name in camel case, or in snake case: the JSON form of protocol buffers takes both, and people write both. */
export function fieldOf(object: JsonObject, name: string): JsonValue | undefined {
  return object[name] ?? object[snakeOf(name)];
}

/** The name in camel case of a member that may be written in either. Only names of ours are asked for, so the map stays small. */
export function camelOf(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

function snakeOf(name: string): string {
  let snake = SNAKE.get(name);
  if (snake === undefined) SNAKE.set(name, (snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)));
  return snake;
}
