/** Digits of the request that go into an id: with the rest they stay below the 40 characters that OpenAI takes. */
const DIGITS = 24;

/** An id for a call that came without one: the same for the same call, and another for each call of each answer. */
export function callId(requestId: string, index: number): string {
  const digits = requestId.replace(/[^a-zA-Z0-9]/g, '').slice(-DIGITS);
  return digits === '' ? `call_${index}` : `call_${digits}_${index}`;
}

/** Which result answers which call in a conversation whose calls may have no ids: by id, else by name, in their order. */
export class CallMatcher {
  readonly #used = new Set<string>();
  #open: { readonly id: string; readonly name: string }[] = [];
  #made = 0;

  call(name: string, given: string | undefined): string {
    const id = given ?? this.#make();
    this.#used.add(id);
    this.#open.push({ id, name });
    return id;
  }

  /** Undefined where there is no such call. */
  answer(name: string, given: string | undefined): string | undefined {
    const fits = (call: { readonly id: string; readonly name: string }) =>
      given === undefined ? call.name === name : call.id === given;
    const found = this.#open.find(fits);
    this.#open = this.#open.filter((call) => call !== found);
    return found?.id;
  }

  #make(): string {
    let id: string;
    do id = callId('', this.#made++);
    while (this.#used.has(id));
    return id;
  }
}
