import { isObject } from './response-like.ts';

/**
 * Codes of Node and undici for a connection that failed below HTTP, where another try may find the network well again.
 * Source: Node's common system errors, `dns` error codes, undici `core/errors.js`.
 */
const NETWORK_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** How many causes are looked through: `fetch failed` wraps the real one, and SDKs wrap `fetch failed` again. */
const DEPTH = 5;

/** `fetch failed` alone says nothing (a bad certificate reads the same), so its causes decide. */
export function isNetworkError(error: unknown, depth = DEPTH): boolean {
  if (!isObject(error) || depth === 0) return false;
  const { code, cause, errors } = error;
  if (typeof code === 'string' && NETWORK_CODES.has(code)) return true;
  if (isNetworkError(cause, depth - 1)) return true;
  return Array.isArray(errors) && errors.slice(0, DEPTH).some((inner) => isNetworkError(inner, depth - 1));
}
