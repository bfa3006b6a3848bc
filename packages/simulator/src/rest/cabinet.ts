import { refusal, type RestAnswer, type RestRequest } from './rest-answer.ts';

interface Kept {
  readonly id: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly content?: Uint8Array;
}

/** Files and batches. What was put there with one key is unknown to all others. */
export class Cabinet {
  #drawers = new Map<string, Map<string, Kept>>();
  #count = 0;

  clear(): void {
    this.#drawers = new Map();
    this.#count = 0;
  }

  answer(request: RestRequest): RestAnswer {
    const [, kind = '', id, action] = request.path.split('/');
    if (kind !== 'files' && kind !== 'batches') return refusal(404, `Invalid URL (${request.method} ${request.path})`);
    const drawer = this.#drawer(`${request.key}/${kind}`);
    if (id === undefined) {
      if (request.method === 'POST')
        return kind === 'files' ? this.#upload(drawer, request) : this.#begin(drawer, request);
      return { body: { object: 'list', data: [...drawer.values()].map(({ value }) => value), has_more: false } };
    }
    const kept = drawer.get(id);
    if (kept === undefined) return refusal(404, `No such ${kind === 'files' ? 'File object' : 'batch'}: ${id}`, 'id');
    if (action === 'content')
      return { type: 'application/octet-stream', body: undefined, pieces: [kept.content ?? ''] };
    if (action === 'cancel') return { body: { ...kept.value, status: 'cancelling' } };
    if (request.method !== 'DELETE') return { body: kept.value };
    drawer.delete(id);
    return { body: { id, object: 'file', deleted: true } };
  }

  #drawer(name: string): Map<string, Kept> {
    const known = this.#drawers.get(name) ?? new Map<string, Kept>();
    this.#drawers.set(name, known);
    return known;
  }

  #upload(drawer: Map<string, Kept>, { files, fields }: RestRequest): RestAnswer {
    const file = files.find(({ name }) => name === 'file');
    if (file === undefined) return refusal(400, "'file' is a required property", 'file');
    const id = this.#id('file');
    const { purpose } = fields;
    const { fileName: filename, content } = file;
    const value = {
      id,
      object: 'file',
      bytes: content.byteLength,
      created_at: 0,
      filename,
      purpose,
      status: 'processed',
    };
    drawer.set(id, { id, value, content });
    return { body: value };
  }

  #begin(drawer: Map<string, Kept>, { fields, key }: RestRequest): RestAnswer {
    const { input_file_id: input, endpoint, completion_window } = fields;
    if (typeof input !== 'string' || !this.#drawer(`${key}/files`).has(input)) {
      return refusal(400, `No such File object: ${String(input)}`, 'input_file_id');
    }
    const id = this.#id('batch');
    const value = { id, object: 'batch', endpoint, input_file_id: input, completion_window, status: 'validating' };
    drawer.set(id, { id, value });
    return { body: value };
  }

  #id(kind: string): string {
    this.#count += 1;
    return `${kind}-${this.#count}`;
  }
}
