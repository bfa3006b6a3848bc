import type { Framing } from './framing.ts';
import type { StreamBody } from './stream-body.ts';

/** Gemini's other framing: without `alt=sse` a stream is one JSON list, which grows. */
export function wantsList(url: string): boolean {
  const query = url.indexOf('?');
  return query === -1 || new URLSearchParams(url.slice(query + 1)).get('alt') !== 'sse';
}

/** Server-sent events as the items of a list. Frames come whole; a frame may hold several events. */
class JsonList implements StreamBody {
  readonly #body: StreamBody;
  #begun = false;

  constructor(body: StreamBody) {
    this.#body = body;
  }

  write(frames: string): boolean {
    let items = '';
    for (const event of frames.split('\n\n')) {
      const data = event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice('data:'.length))
        .join('\n')
        .trim();
      if (data === '') continue;
      items += (this.#begun ? ',\r\n' : '[') + data;
      this.#begun = true;
    }
    // A comment keeps the connection alive; between the items of a list white space does.
    return this.#body.write(items === '' && frames !== '' ? '\n' : items);
  }

  end(): void {
    this.#body.write(this.#begun ? ']' : '[]');
    this.#body.end();
  }
}

export const JSON_LIST: Framing = {
  contentType: 'application/json',
  encoding: 'utf8',
  reframe: (body) => new JsonList(body),
};
