import type { JsonValue, StreamPart } from '@x/core';
import { isObject, numberOf, objectOf, stringOf } from '../../../json/read.ts';
import { signatureOf } from '../thought-signature.ts';

interface TrackedCall {
  readonly index: number;
  id: string | undefined;
  name: string | undefined;
  signature: string | undefined;
  /** Arguments that came before the name did. */
  waiting: string;
  started: boolean;
}

/**
 * Puts the fragments of tool calls in order. The wire's `index` may be missing (Google), or start anywhere; ids and names may come
 * late. What leaves here counts 0, 1, 2 and names each call before its first argument.
 */
export class ToolCallTracker {
  readonly #calls: TrackedCall[] = [];
  readonly #byWireIndex = new Map<number, TrackedCall>();

  get called(): boolean {
    return this.#calls.length > 0;
  }

  decode(value: JsonValue, parts: StreamPart[]): void {
    if (!isObject(value)) return;
    const fn = objectOf(value['function']);
    const id = stringOf(value['id']) || undefined;
    const call = this.#find(numberOf(value['index']), id);
    call.id ??= id;
    call.name ??= stringOf(fn['name']) || undefined;
    call.signature ??= signatureOf(value)?.signature;
    call.waiting += stringOf(fn['arguments']) ?? '';
    emit(call, parts);
  }

  /** At the end of the answer: a call whose name never came is left out. */
  flush(parts: StreamPart[]): void {
    for (const call of this.#calls) emit(call, parts);
  }

  #find(wireIndex: number | undefined, id: string | undefined): TrackedCall {
    const known =
      wireIndex === undefined
        ? (this.#calls.find((call) => id !== undefined && call.id === id) ??
          (id === undefined ? this.#calls.at(-1) : undefined))
        : this.#byWireIndex.get(wireIndex);
    if (known) return known;
    const call = { index: this.#calls.length, id, name: undefined, signature: undefined, waiting: '', started: false };
    this.#calls.push(call);
    if (wireIndex !== undefined) this.#byWireIndex.set(wireIndex, call);
    return call;
  }
}

function emit(call: TrackedCall, parts: StreamPart[]): void {
  if (call.name === undefined) return;
  if (!call.started) {
    call.started = true;
    const { index, id = `call_${index}`, name, signature } = call;
    parts.push({ type: 'tool-call', index, id, name, ...(signature === undefined ? undefined : { signature }) });
  }
  if (call.waiting === '') return;
  parts.push({ type: 'tool-arguments', index: call.index, json: call.waiting });
  call.waiting = '';
}
