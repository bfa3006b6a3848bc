/**
 * A thought that OpenAI's Responses hand out encrypted, as the signature of the hub's reasoning: callers of other dialects carry it
 * along like any signature, and it means nothing to any other provider. All of it is base64, since some clients decode signatures.
 */
export interface SealedThought {
  /** Of the item that it belongs to. */
  readonly id: string;
  readonly content: string;
}

const MARK = 'responsesthought';

export function sealThought({ id, content }: SealedThought): string {
  return MARK + Buffer.from(JSON.stringify([id, content])).toString('base64');
}

export function isSealed(signature: string): boolean {
  return signature.startsWith(MARK);
}

/** Undefined for every other signature. */
export function openThought(signature: string): SealedThought | undefined {
  if (!isSealed(signature)) return undefined;
  try {
    const read: unknown = JSON.parse(Buffer.from(signature.slice(MARK.length), 'base64').toString());
    const [id, content]: readonly unknown[] = Array.isArray(read) ? read : [];
    return typeof id === 'string' && typeof content === 'string' ? { id, content } : undefined;
  } catch {
    return undefined;
  }
}
