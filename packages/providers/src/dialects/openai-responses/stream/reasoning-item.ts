import { foreignContent } from '../foreign-thought.ts';
import { itemAdded, itemDone, type ItemPlace, type OpenItem } from './events.ts';

/** A thought, with its text as the summary. What it was signed with comes last. */
export class ReasoningItem implements OpenItem {
  json = '';
  /** Nothing can be added to a thought that is signed. */
  signature: string | undefined;
  readonly #place: ItemPlace;
  readonly #where: string;
  #thought = '';

  constructor(place: ItemPlace) {
    this.#place = place;
    this.#where = `"item_id":"${place.id}","output_index":${place.index},"summary_index":0`;
  }

  open(): string {
    return itemAdded(this.#place, `{"id":"${this.#place.id}","type":"reasoning","summary":[]}`);
  }

  think(text: string): string {
    const { events } = this.#place;
    const before = this.#thought === '' ? this.#part('added', '""') : '';
    this.#thought += text;
    const delta = `${this.#where},"delta":${JSON.stringify(text)}`;
    return before + events.write('response.reasoning_summary_text.delta', delta);
  }

  close(): string {
    const { events, id } = this.#place;
    const content = JSON.stringify(
      foreignContent({ type: 'reasoning', text: this.#thought, signature: this.signature }),
    );
    const thought = JSON.stringify(this.#thought);
    const said = this.#thought !== '';
    const summary = said ? `{"type":"summary_text","text":${thought}}` : '';
    this.json = `{"id":"${id}","type":"reasoning","summary":[${summary}],"encrypted_content":${content}}`;
    const before = said
      ? events.write('response.reasoning_summary_text.done', `${this.#where},"text":${thought}`) +
        this.#part('done', thought)
      : '';
    return before + itemDone(this.#place, this.json);
  }

  #part(state: 'added' | 'done', text: string): string {
    const part = `${this.#where},"part":{"type":"summary_text","text":${text}}`;
    return this.#place.events.write(`response.reasoning_summary_part.${state}`, part);
  }
}
