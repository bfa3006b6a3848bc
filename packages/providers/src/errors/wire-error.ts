import type { JsonValue } from '@x/core';
import { isObject, listOf, numberOf, objectOf, parseJson, stringOf } from '../json/read.ts';

/** An error body of any provider, reduced to what classification needs. */
export interface WireError {
  /** For people; may be empty. */
  readonly message: string;
  /** The provider's main code or type. */
  readonly code: string | undefined;
  /** Every machine-readable name in the body. */
  readonly codes: readonly string[];
  readonly param: string | undefined;
  /** Where the body names an HTTP status, as errors inside streams do. */
  readonly status: number | undefined;
}

/**
 * Reads the shapes that are in use: `{error: {message, type, code}}` (OpenAI, Anthropic, Google, OpenRouter), the same in a
 * list (Google), `{errors: [{message, code}]}` (Cloudflare), `{error: "text"}` (vLLM, Ollama, xAI), flat `{message, type, code}` (Mistral, Cohere), `{detail}` (FastAPI).
 */
export function readWireError(body: JsonValue | undefined): WireError {
  const outer = objectOf(Array.isArray(body) ? body[0] : body);
  const [first] = listOf(outer['errors']);
  const inner = isObject(outer['error']) ? outer['error'] : isObject(first) ? first : outer;
  const details = inner['details'];
  const metadata = objectOf(inner['metadata']);
  const codes = [
    inner['code'],
    inner['type'],
    inner['status'],
    outer['code'],
    awsName(outer['__type']),
    objectOf(details)['error_code'],
    ...listOf(details).flatMap(detailCodes),
    metadata['error_type'],
    metadata['type'],
    metadata['reason'],
    metadata['limit_source'],
  ].flatMap(asCode);
  return {
    message: messageOf(outer['error']) ?? messageOf(outer) ?? messageOf(first) ?? '',
    code: codes[0],
    codes,
    param: stringOf(inner['param']),
    status: statusIn(inner['code']) ?? statusIn(inner['status_code']),
  };
}

/** The same from a body's text; one that is no JSON is its own message. */
export function parseWireError(text: string): WireError {
  const body = parseJson(text);
  if (isObject(body) || Array.isArray(body)) return readWireError(body);
  return { ...readWireError(undefined), message: looksLikeMarkup(text) ? '' : text };
}

function messageOf(value: JsonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  const text = value['message'] ?? value['Message'] ?? value['detail'];
  if (typeof text === 'string') return text;
  return text === undefined || text === null ? undefined : JSON.stringify(text);
}

/** AWS decorates names: `ns#ThrottlingException:http://...`. In streams they begin with a small letter. */
export function awsName(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [bare = ''] = value.slice(value.indexOf('#') + 1).split(':', 1);
  return bare.charAt(0).toUpperCase() + bare.slice(1);
}

/** Google's `ErrorInfo.reason` and the ids of violated quotas. */
function detailCodes(detail: JsonValue): (JsonValue | undefined)[] {
  const { reason, violations } = objectOf(detail);
  return [reason, ...listOf(violations).map((violation) => objectOf(violation)['quotaId'])];
}

function asCode(value: JsonValue | undefined): string[] {
  if (typeof value === 'number') return [String(value)];
  return typeof value === 'string' && value !== '' ? [value] : [];
}

function statusIn(code: JsonValue | undefined): number | undefined {
  const status = numberOf(code);
  return status !== undefined && status >= 400 && status <= 599 ? status : undefined;
}

/** Proxies in front of a provider answer with pages; their text helps nobody. */
function looksLikeMarkup(text: string): boolean {
  return text.trimStart().startsWith('<');
}
