import {
  isErrorKind,
  wrongOption,
  type Credential,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type Target,
} from '@x/core';
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
  const { name, baseURL, credential, transport, headers, errors, allowPrivateNetwork, onSkippedEvent } = options;
  const insist = (option: keyof AdapterOptions, holds: boolean, expected: string) => {
    if (options[option] !== undefined && !holds) throw wrongOption(`${factory}: ${option}`, options[option], expected);
  };
  insist('name', typeof name === 'string' && name.trim() !== '', 'a non-empty string');
  if (baseURL !== undefined) checkBaseURL(factory, baseURL);
  if (credential !== undefined) checkCredential(factory, credential);
  insist('transport', typeof transport === 'function', 'a function');
  insist('headers', isRecordOfText(headers), 'an object of strings');
  insist('errors', Array.isArray(errors) && errors.every(hasKind), 'a list of rows with a known kind');
  insist('allowPrivateNetwork', typeof allowPrivateNetwork === 'boolean', 'true or false');
  insist('onSkippedEvent', typeof onSkippedEvent === 'function', 'a function');
  for (const limit of LIMITS) {
    const given = options[limit];
    if (given !== undefined && (!Number.isInteger(given) || given < 1)) {
      throw new RangeError(`${factory}: ${limit} must be a whole number of at least 1, got ${given}`);
    }
  }
}

/** For factories that have to take an address apart before the adapter checks it. */
export function checkBaseURL(factory: string, baseURL: unknown): void {
  const isRight = typeof baseURL === 'string' && /^https?:$/.test(URL.parse(baseURL)?.protocol ?? '');
  if (!isRight) throw wrongOption(`${factory}: baseURL`, baseURL, 'an http(s) URL');
}

/** Its value is shown to nobody. */
function checkCredential(factory: string, credential: unknown): void {
  const isObject = typeof credential === 'object' && credential !== null;
  const value: unknown = isObject && 'value' in credential ? credential.value : credential;
  if (typeof value === 'string' && value.trim() !== '') return;
  throw new TypeError(`${factory}: credential must be a non-empty string or { name, value }, and is none`);
}

function isRecordOfText(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((text) => typeof text === 'string');
}

function hasKind(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'kind' in row && isErrorKind(row.kind);
}
