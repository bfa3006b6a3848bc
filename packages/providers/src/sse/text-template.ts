import type { WireEvent } from './frame.ts';

/** What a JSON string holds as it is: nothing that needs or starts an escape. */
const PLAIN = /^[^"\\\p{Cc}]+$/u;

/**
 * Reads the events of a stream that say the same as one before but for their text, which nearly all do, without parsing them. If JSON
 * is valid, and a string in it is replaced by another one without escapes, it is still valid and still means all the rest; so where
 * everything around the strings is the same, nothing else needs to be looked at.
 */
export class TextTemplate {
  #event: string | undefined;
  /** What stands before, between and after the strings that change, quotes included. */
  #fixed: readonly string[] = [];

  /** Takes an event that was parsed as the example. `strings` change from event to event, in the order in which they stand there. */
  learn({ event, data }: WireEvent, strings: readonly string[]): void {
    const fixed: string[] = [];
    let from = 0;
    for (const text of strings) {
      const quoted = `"${text}"`;
      const at = data.indexOf(quoted);
      // Of two such strings nobody knows which one it was.
      if (at < from || !PLAIN.test(text) || data.includes(quoted, at + 1)) return;
      fixed.push(data.slice(from, at + 1));
      from = at + quoted.length - 1;
    }
    fixed.push(data.slice(from));
    this.#event = event;
    this.#fixed = fixed;
  }

  /** The first of the strings, where the event is like the example; else undefined. */
  read({ event, data }: WireEvent): string | undefined {
    const fixed = this.#fixed;
    const last = fixed.length - 1;
    if (last < 0 || event !== this.#event) return undefined;
    let first: string | undefined;
    let at = 0;
    for (let index = 0; index < last; index += 1) {
      const from = endOf(fixed[index] as string, data, at);
      const end = from === -1 ? -1 : data.indexOf('"', from);
      if (end <= from) return undefined;
      const text = data.slice(from, end);
      if (!PLAIN.test(text)) return undefined;
      first ??= text;
      at = end;
    }
    return endOf(fixed[last] as string, data, at) === data.length ? first : undefined;
  }
}

/** Where `part` ends if it stands at `at` in `text`, else -1. A slice is compared faster than `startsWith` looks. */
function endOf(part: string, text: string, at: number): number {
  const end = at + part.length;
  return text.slice(at, end) === part ? end : -1;
}
