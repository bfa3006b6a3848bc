import { PipelineError, type Dialect } from '@x/core';
import { pathOf } from './routes.ts';

/** What a path says, where the body does not. */
export interface PlacedRequest {
  readonly model: string;
  readonly stream: boolean;
}

/** Reads the path of a dialect that has its model there; undefined for the others. The reader throws for any other path. */
export function placeInPath(dialect: Dialect): ((url: string) => PlacedRequest) | undefined {
  return dialect === 'gemini.generate' ? geminiPlace : undefined;
}

/** `/gemini/v1beta/models/{model}:generateContent`; the model may hold a slash, escaped or not. */
const GEMINI = /^\/gemini\/v1(?:beta|alpha)?\/models\/(.+):(generateContent|streamGenerateContent)$/;

function geminiPlace(url: string): PlacedRequest {
  const path = pathOf(url);
  const [, name, method] = GEMINI.exec(path) ?? [];
  if (name === undefined) {
    throw new PipelineError('invalid_request', `there is nothing at ${path}`, { code: 'not_found' });
  }
  return { model: unescaped(name), stream: method === 'streamGenerateContent' };
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
