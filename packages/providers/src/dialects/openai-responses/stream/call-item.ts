import { parseJson } from '../../../json/read.ts';
import { signed } from '../../openai-chat/thought-signature.ts';
import { itemAdded, itemDone, type ItemPlace, type ItemStatus, type OpenItem } from './events.ts';

export interface CalledTool {
  readonly id: string;
  readonly name: string;
  readonly signature?: string | undefined;
}

/** A call of a function. */
export class CallItem implements OpenItem {
  json = '';
  readonly #place: ItemPlace;
  readonly #where: string;
  /** All members of the item behind its arguments. */
  readonly #tail: string;
  #arguments = '';

  constructor(place: ItemPlace, { id, name, signature }: CalledTool) {
    this.#place = place;
    this.#where = `"item_id":"${place.id}","output_index":${place.index}`;
    this.#tail = JSON.stringify({ call_id: id, name, ...signed(signature) }).slice(1);
  }

  /** Whether its arguments are all there, as far as can be seen. */
  get whole(): boolean {
    return parseJson(this.#arguments) !== undefined;
  }

  open(): string {
    return itemAdded(this.#place, this.#item('in_progress', '""'));
  }

  add(json: string): string {
    this.#arguments += json;
    return this.#place.events.write(
      'response.function_call_arguments.delta',
      `${this.#where},"delta":${JSON.stringify(json)}`,
    );
  }

  close(status: ItemStatus): string {
    const json = JSON.stringify(this.#arguments === '' ? '{}' : this.#arguments);
    this.json = this.#item(status, json);
    return (
      this.#place.events.write('response.function_call_arguments.done', `${this.#where},"arguments":${json}`) +
      itemDone(this.#place, this.json)
    );
  }

  #item(status: ItemStatus | 'in_progress', json: string): string {
    return `{"id":"${this.#place.id}","type":"function_call","status":"${status}","arguments":${json},${this.#tail}`;
  }
}
