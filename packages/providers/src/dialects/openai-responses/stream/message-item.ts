import { itemAdded, itemDone, type ItemPlace, type ItemStatus, type OpenItem } from './events.ts';

/** How the two kinds of parts are spelled. */
const KINDS = {
  text: {
    event: 'response.output_text',
    text: 'text',
    open: '{"type":"output_text","annotations":[],"logprobs":[],"text":',
    more: ',"logprobs":[]',
  },
  refusal: { event: 'response.refusal', text: 'refusal', open: '{"type":"refusal","refusal":', more: '' },
} as const;

type Kind = keyof typeof KINDS;

/** A message that somebody else began. */
export interface BegunMessage {
  readonly id: string;
  /** Its parts that are whole, as JSON. */
  readonly parts: readonly string[];
  /** Of text that is not whole yet; undefined between parts. */
  readonly said: string | undefined;
}

/** A message of the assistant. Text is one part of it, and a refusal another. */
export class MessageItem implements OpenItem {
  json = '';
  readonly #place: ItemPlace;
  readonly #parts: string[];
  #kind: Kind | undefined;
  #said = '';
  /** Which part of which item: the same in all events of a part. */
  #where = '';

  constructor(place: ItemPlace, begun?: BegunMessage) {
    this.#place = place;
    this.#parts = [...(begun?.parts ?? [])];
    if (begun?.said !== undefined) this.#begin('text', begun.said);
  }

  open(): string {
    return itemAdded(this.#place, this.#item('in_progress'));
  }

  say(kind: Kind, text: string): string {
    const before = kind === this.#kind ? '' : this.#closePart() + this.#openPart(kind);
    this.#said += text;
    const { event, more } = KINDS[kind];
    return before + this.#place.events.write(`${event}.delta`, `${this.#where},"delta":${JSON.stringify(text)}${more}`);
  }

  close(status: ItemStatus): string {
    const before = this.#closePart();
    this.json = this.#item(status);
    return before + itemDone(this.#place, this.json);
  }

  #openPart(kind: Kind): string {
    this.#begin(kind, '');
    return this.#place.events.write('response.content_part.added', `${this.#where},"part":${KINDS[kind].open}""}`);
  }

  #begin(kind: Kind, said: string): void {
    const { id, index } = this.#place;
    this.#kind = kind;
    this.#said = said;
    this.#where = `"item_id":"${id}","output_index":${index},"content_index":${this.#parts.length}`;
  }

  #closePart(): string {
    if (this.#kind === undefined) return '';
    const { events } = this.#place;
    const { event, text, open, more } = KINDS[this.#kind];
    const said = JSON.stringify(this.#said);
    const part = `${open}${said}}`;
    this.#parts.push(part);
    this.#kind = undefined;
    return (
      events.write(`${event}.done`, `${this.#where},"${text}":${said}${more}`) +
      events.write('response.content_part.done', `${this.#where},"part":${part}`)
    );
  }

  #item(status: ItemStatus | 'in_progress'): string {
    const content = this.#parts.join(',');
    return `{"id":"${this.#place.id}","type":"message","status":"${status}","content":[${content}],"role":"assistant"}`;
  }
}
