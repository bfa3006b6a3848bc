/** Digits of the request that go into an id: with the rest they stay below the 40 characters that OpenAI takes. */
const DIGITS = 24;

/** An id for a call that came without one: the same for the same call, and another for each call of each answer. */
export function callId(requestId: string, index: number): string {
  const digits = requestId.replace(/[^a-zA-Z0-9]/g, '').slice(-DIGITS);
  return digits === '' ? `call_${index}` : `call_${digits}_${index}`;
}

interface OpenCalls {
  readonly ids: string[];
  /** Those before it have been answered. */
  next: number;
}

/** Which result answers which call in a conversation whose calls may have no ids: by id, else by name, in their order. */
export class CallMatcher {
  readonly #used = new Set<string>();
  readonly #open = new Set<string>();
  readonly #byName = new Map<string, OpenCalls>();
  #made = 0;

  call(name: string, given: string | undefined): string {
    const id = given ?? this.#make();
    this.#used.add(id);
    this.#open.add(id);
    const calls = this.#byName.get(name);
    if (calls === undefined) this.#byName.set(name, { ids: [id], next: 0 });
    else calls.ids.push(id);
    return id;
  }

  /** Undefined where there is no such call. */
  answer(name: string, given: string | undefined): string | undefined {
    const id = given ?? this.#nextOf(name);
    return id !== undefined && this.#open.delete(id) ? id : undefined;
  }

  #nextOf(name: string): string | undefined {
    const calls = this.#byName.get(name);
    if (calls === undefined) return undefined;
    while (calls.next < calls.ids.length && !this.#open.has(calls.ids[calls.next] as string)) calls.next += 1;
    return calls.ids[calls.next];
  }

  #make(): string {
    let id: string;
    do id = callId('', this.#made++);
    while (this.#used.has(id));
    return id;
  }
}
