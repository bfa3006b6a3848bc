import { Buffer } from 'node:buffer';
import { isRecord } from '../dialects/input-size.ts';
import { bodyText, headerOf, type Incoming } from '../wire/incoming.ts';
import { Cabinet } from './cabinet.ts';
import { readForm } from './form.ts';
import type { RestAnswer, RestRequest } from './rest-answer.ts';
import { STATELESS } from './stateless.ts';

/** What is asked for, before it is known whether it may be. */
export interface RestAsk {
  /** Undefined where there is none in the request. */
  readonly model: string | undefined;
  /** The answer comes piece by piece. */
  readonly streams: boolean;
  readonly answer: (key: string) => RestAnswer;
}

/** OpenAI's endpoints beside the chat: those that stand for themselves, and files and batches, which belong to a key. */
export class RestDesk {
  readonly #cabinet = new Cabinet();

  clear(): void {
    this.#cabinet.clear();
  }

  /** Undefined for a body that cannot be read. */
  read(path: string, incoming: Incoming): RestAsk | undefined {
    const body = readBody(incoming);
    if (body === undefined) return undefined;
    const { fields, files } = body;
    const { model } = fields;
    const stateless = incoming.method === 'POST' ? STATELESS[path] : undefined;
    const answer = (key: string): RestAnswer => {
      const request = { method: incoming.method, path, fields, files, key };
      return stateless === undefined ? this.#cabinet.answer(request) : stateless(request);
    };
    const streams = path === '/audio/speech' || fields['stream'] === true || fields['stream'] === 'true';
    return { model: typeof model === 'string' ? model : undefined, streams, answer };
  }
}

function readBody(incoming: Incoming): Pick<RestRequest, 'fields' | 'files'> | undefined {
  const type = headerOf(incoming, 'content-type') ?? '';
  const { body = '' } = incoming;
  if (type.startsWith('multipart/form-data')) return readForm(type, Buffer.from(body));
  if (body.length === 0) return { fields: {}, files: [] };
  try {
    const value: unknown = JSON.parse(bodyText(incoming));
    return isRecord(value) ? { fields: value, files: [] } : undefined;
  } catch {
    return undefined;
  }
}
