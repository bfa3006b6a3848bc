import { CREDENTIAL, PipelineError, throwIfAborted, type Context, type Credential } from '@x/core';

/** The key for this call: the pool's, else the adapter's own. @throws PipelineError `authentication` when there is neither */
export function credentialOf(context: Context, fallback: Credential | undefined, provider: string): Credential {
  const credential = context.get(CREDENTIAL) ?? fallback;
  if (credential) return credential;
  throw new PipelineError(
    'authentication',
    `${provider}: no credential in the context: put a key pool (keypool of @x/keypool) before the adapter, or give it the option "credential"`,
    { code: 'missing_credential' },
  );
}

/** Gives a secret that lives for a short time, such as an access token. */
export type TokenSource = () => string | Promise<string>;

/** A fresh token. @throws PipelineError `authentication` when there is none to be had */
export async function tokenOf(source: TokenSource, provider: string, signal: AbortSignal): Promise<string> {
  let token: string;
  try {
    token = await source();
  } catch (cause) {
    if (PipelineError.isInstance(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PipelineError('authentication', `${provider}: no access token: ${why}`, {
      code: 'missing_credential',
      cause,
    });
  }
  throwIfAborted(signal);
  return token;
}
