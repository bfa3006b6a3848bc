/** Whether something was nested deeper than the stack: valid JSON can be, and writing it again recurses. */
export function isTooDeep(thrown: unknown): boolean {
  return thrown instanceof RangeError && thrown.message.includes('call stack');
}
