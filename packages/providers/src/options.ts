import type { Credential, Handler, HttpRequest, HttpResponse, Target } from '@x/core';
import type { ErrorRow } from './errors/error-row.ts';

/** Options that all adapters share. */
export interface AdapterOptions {
  /** Names the provider in messages and in stack traces. @default the provider's own name */
  readonly name?: string;
  /** Where the provider's API begins, version included, such as `https://api.openai.com/v1`. @default the provider's own */
  readonly baseURL?: string;
  /** Sends the HTTP requests. Share one between adapters, and close it yourself. @default an undiciTransport() of its own */
  readonly transport?: Handler<HttpRequest, HttpResponse>;
  /** The key, for pipelines without a key pool. One in the context wins over it. @default none: a key pool must supply it */
  readonly credential?: string | Credential;
  /** Whether the base URL may be a loopback or private address, or a name that resolves to one. Metadata addresses may never. @default false, but for local engines */
  readonly allowPrivateNetwork?: boolean;
  /** Headers for every call, such as `openai-organization`. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Rows of error classification that are looked at before the provider's own. @default none */
  readonly errors?: readonly ErrorRow[];
  /** Characters that one event of a stream may have; a larger one breaks the stream. @default 16_777_216 (16 Mi) */
  readonly maxEventChars?: number;
  /** Bytes that a whole answer may have; a larger one is a `server_error`. @default 67_108_864 (64 MiB) */
  readonly maxAnswerBytes?: number;
  /** Bytes of an error body that are read; of a longer one the rest is left. @default 1_048_576 (1 MiB) */
  readonly maxErrorBytes?: number;
  /** Called for each event of a stream that was no valid JSON and has been left out. @default nothing */
  readonly onSkippedEvent?: (skipped: SkippedEvent) => void;
}

export interface SkippedEvent {
  readonly target: Target;
  /** The beginning of what could not be read. */
  readonly data: string;
}

export const ADAPTER_DEFAULTS = {
  maxEventChars: 16 * 1_024 * 1_024,
  maxAnswerBytes: 64 * 1_024 * 1_024,
  maxErrorBytes: 1_024 * 1_024,
} as const;

const LIMITS = ['maxEventChars', 'maxAnswerBytes', 'maxErrorBytes'] as const;

/** @throws TypeError or RangeError that names the option and its value */
export function checkAdapterOptions(factory: string, options: AdapterOptions): void {
  const { name, baseURL, credential } = options;
  if (name !== undefined && name.trim() === '') throw new TypeError(`${factory}: name must not be empty`);
  if (baseURL !== undefined && !isHttpUrl(baseURL)) {
    throw new TypeError(`${factory}: baseURL must be an http(s) URL, got ${JSON.stringify(baseURL)}`);
  }
  const value = typeof credential === 'object' ? credential.value : credential;
  if (value !== undefined && value.trim() === '') throw new TypeError(`${factory}: credential must not be empty`);
  for (const limit of LIMITS) {
    const given = options[limit];
    if (given !== undefined && (!Number.isInteger(given) || given < 1)) {
      throw new RangeError(`${factory}: ${limit} must be a whole number of at least 1, got ${given}`);
    }
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
