import { PipelineError, type Dialect } from '@x/core';
import type { Framing } from './framing.ts';
import { JSON_LIST, wantsList } from './json-list.ts';
import { pathOf } from './routes.ts';

/** What a path says, where the body does not. */
export interface PlacedRequest {
  readonly model: string;
  readonly stream: boolean;
  /** How a stream is to be written, where the caller has a choice. @default as its dialect is */
  readonly framing?: Framing;
}

type ReadPlace = (url: string, defaultProvider: string | undefined) => PlacedRequest;

const READERS: Readonly<Partial<Record<Dialect, ReadPlace>>> = {
  'gemini.generate': geminiPlace,
  'gemini.embed': geminiPlace,
  'gemini.batch_embed': geminiPlace,
  'gemini.count_tokens': geminiPlace,
  'bedrock.converse': bedrockPlace,
};

/** Reads the path of a dialect that has its model there; undefined for the others. The reader throws for any other path. */
export function placeInPath(dialect: Dialect): ReadPlace | undefined {
  return READERS[dialect];
}

/**
 * `/gemini/v1beta/models/{model}:generateContent`; the model may hold a slash, escaped or not, and Vercel's client leaves `models/`
 * out before such a name. What method it is chose the dialect.
 */
const GEMINI = /^\/gemini\/v1(?:beta|alpha)?\/(?:models\/)?(.+):(\w+)$/;

function geminiPlace(url: string): PlacedRequest {
  const path = pathOf(url);
  const [, name, method] = GEMINI.exec(path) ?? [];
  if (name === undefined) throw nothingAt(path);
  const model = unescaped(name);
  if (method !== 'streamGenerateContent') return { model, stream: false };
  return wantsList(url) ? { model, stream: true, framing: JSON_LIST } : { model, stream: true };
}

/** `/bedrock/model/{model}/converse`; clients escape the name as one segment, ARNs and slashes included. */
const BEDROCK = /^\/bedrock\/model\/(.+)\/(converse|converse-stream)$/;

function bedrockPlace(url: string, defaultProvider: string | undefined): PlacedRequest {
  const path = pathOf(url);
  const [, escaped, method] = BEDROCK.exec(path) ?? [];
  if (escaped === undefined) throw nothingAt(path);
  const name = unescaped(escaped);
  // The slashes of an ARN stand between no provider and its model.
  const model = defaultProvider !== undefined && name.startsWith('arn:') ? `${defaultProvider}/${name}` : name;
  return { model, stream: method === 'converse-stream' };
}

function nothingAt(path: string): PipelineError {
  return new PipelineError('invalid_request', `there is nothing at ${path}`, { code: 'not_found' });
}

function unescaped(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (cause) {
    throw new PipelineError('invalid_request', 'the model in the path is not escaped as it should be', {
      code: 'invalid_field',
      param: 'model',
      cause,
    });
  }
}
