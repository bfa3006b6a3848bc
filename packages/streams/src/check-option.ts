import { wrongOption } from '@x/core';

/** Throws a message that names the layer, the option and the value. */
export function checkPositive(name: string, value: unknown): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a finite number above 0, got ${value}`);
}

export function checkCount(name: string, value: unknown, atLeast: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!(Number.isSafeInteger(value) && value >= atLeast)) {
    throw new RangeError(`${name} must be a whole number of at least ${atLeast}, got ${value}`);
  }
}

export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`${name} must be a function, got ${typeof value}`);
  }
}

export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (typeof value === 'string' && choices.includes(value)) return;
  throw new RangeError(`${name} must be ${choices.join(' or ')}, got ${JSON.stringify(value)}`);
}

/** A policy for each of some routes. */
export function checkRoutes(name: string, routes: unknown, choices: readonly string[]): void {
  if (typeof routes !== 'object' || routes === null) throw wrongOption(name, routes, 'an object');
  for (const [route, value] of Object.entries(routes)) checkChoice(`${name}["${route}"]`, value, choices);
}
