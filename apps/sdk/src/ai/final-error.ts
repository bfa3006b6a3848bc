import { APICallError } from '@ai-sdk/provider';

/** The same failure, which the AI SDK does not try again: it decides by the status, and knows no `x-should-retry`. */
export function finalError(error: unknown): unknown {
  if (!APICallError.isInstance(error) || !error.isRetryable) return error;
  const { message, url, requestBodyValues, statusCode, responseHeaders, responseBody, cause, data } = error;
  return new APICallError({
    message,
    url,
    requestBodyValues,
    cause,
    data,
    isRetryable: false,
    ...(statusCode !== undefined && { statusCode }),
    ...(responseHeaders && { responseHeaders }),
    ...(responseBody !== undefined && { responseBody }),
  });
}

export async function withFinalError<T>(work: PromiseLike<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw finalError(error);
  }
}
