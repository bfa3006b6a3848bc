/** What is known of one endpoint of OpenAI's API that is handed on as it is. */
export interface EndpointTraits {
  /**
   * What it makes stays with the account that it was made with, and is asked for by an id. Undefined where each call stands for
   * itself.
   */
  readonly keeps: boolean;
}

const alone: EndpointTraits = { keeps: false };
const kept: EndpointTraits = { keeps: true };

/** By the first step of the path, behind `/v1`. Mistral's `ocr`, `fim` and `batch` are its own. */
export const ENDPOINTS = {
  audio: alone,
  completions: alone,
  fim: alone,
  images: alone,
  moderations: alone,
  ocr: alone,
  rerank: alone,
  batch: kept,
  batches: kept,
  files: kept,
  fine_tuning: kept,
  uploads: kept,
  vector_stores: kept,
  videos: kept,
} as const satisfies Record<string, EndpointTraits>;

export type Endpoint = keyof typeof ENDPOINTS;

/** Undefined for what is not handed on. */
export function findEndpoint(name: string): EndpointTraits | undefined {
  return Object.hasOwn(ENDPOINTS, name) ? ENDPOINTS[name as Endpoint] : undefined;
}
