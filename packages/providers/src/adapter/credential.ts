import { CREDENTIAL, PipelineError, type Context, type Credential } from '@x/core';

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
