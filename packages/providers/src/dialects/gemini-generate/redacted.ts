/** Before the data of thoughts that may not be read: in base64 itself, since clients decode the field. */
const MARK = 'redactedthinking';

/** Thoughts that only their provider can read, in the one field of the dialect that callers hand back unread. */
export function redactedSignature(data: string): string {
  return MARK + data;
}

export function redactedData(signature: string): string | undefined {
  return signature.startsWith(MARK) ? signature.slice(MARK.length) : undefined;
}
