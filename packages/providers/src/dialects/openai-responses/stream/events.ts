/** Writes events, each with its number. */
export class EventWriter {
  #next: number;

  constructor(next = 0) {
    this.#next = next;
  }

  /** `members` are those beside the type and the number, as JSON without braces. */
  write(type: string, members: string): string {
    const number = this.#next;
    this.#next += 1;
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${number},${members}}\n\n`;
  }
}

/** Where an item of the output stands, and who writes its events. */
export interface ItemPlace {
  readonly events: EventWriter;
  /** Letters, digits, `_` and `-` alone. */
  readonly id: string;
  readonly index: number;
}

export type ItemStatus = 'completed' | 'incomplete';

/** An item that is being written. */
export interface OpenItem {
  /** Its last events; {@link json} is whole after them. */
  close(status: ItemStatus): string;
  /** The item itself, for the list of all of them. */
  readonly json: string;
}

export function itemAdded({ events, index }: ItemPlace, json: string): string {
  return events.write('response.output_item.added', `"output_index":${index},"item":${json}`);
}

export function itemDone({ events, index }: ItemPlace, json: string): string {
  return events.write('response.output_item.done', `"output_index":${index},"item":${json}`);
}
