/** Throws a message that names the layer, the option and the value. */
export function checkNumber(name: string, value: number, atLeast: number): void {
  if (typeof value !== 'number') throw new TypeError(`${name} must be a number, got ${typeof value}`);
  if (!(value >= atLeast && value < Infinity)) {
    throw new RangeError(`${name} must be a finite number of at least ${atLeast}, got ${value}`);
  }
}

export function checkInteger(name: string, value: number, atLeast: number): void {
  checkNumber(name, value, atLeast);
  if (!Number.isInteger(value)) throw new RangeError(`${name} must be a whole number, got ${value}`);
}

export function checkFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') {
    throw new TypeError(`${name} must be a function, got ${typeof value}`);
  }
}

/** By what it can do: it may come from another copy of its package. */
export function hasMethods(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => typeof (value as Record<string, unknown>)[name] === 'function');
}
