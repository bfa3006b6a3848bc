import { PipelineError } from '@x/core';

/** What requests are signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Asked for each call, so it should keep what it has as long as it lasts. AWS's own providers do. */
export type AwsCredentialProvider = () => Promise<AwsCredentials>;

/**
 * A key of a pool as credentials: `ACCESS_KEY_ID:SECRET_ACCESS_KEY`, with `:SESSION_TOKEN` for those of a role. Undefined for a
 * Bedrock API key, which has no colon.
 */
export function staticCredentials(secret: string): AwsCredentials | undefined {
  const [accessKeyId = '', secretAccessKey = '', ...rest] = secret.split(':');
  if (!/^[A-Z0-9]{16,128}$/.test(accessKeyId) || secretAccessKey === '') return undefined;
  const sessionToken = rest.join(':');
  return { accessKeyId, secretAccessKey, ...(sessionToken !== '' && { sessionToken }) };
}

/** The module that knows AWS's default chain. Optional, and loaded with the first call that needs it. */
const CHAIN_MODULE = '@aws-sdk/credential-providers';

/** The variables of the environment, then AWS's default chain: profiles, single sign-on, roles of containers and machines. */
export function defaultChain(env: Readonly<Record<string, string | undefined>>): AwsCredentialProvider {
  let chain: Promise<AwsCredentialProvider> | undefined;
  return async () => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
    if (accessKeyId && secretAccessKey) return { accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) };
    chain ??= loadChain();
    const provider = await chain.catch((error: unknown) => {
      chain = undefined;
      throw error;
    });
    return provider();
  };
}

async function loadChain(): Promise<AwsCredentialProvider> {
  let loaded: { readonly fromNodeProviderChain?: unknown };
  try {
    loaded = (await import(CHAIN_MODULE)) as { readonly fromNodeProviderChain?: unknown };
  } catch (cause) {
    const message = `no AWS credentials: give a key, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or install ${CHAIN_MODULE}`;
    throw new PipelineError('authentication', message, { code: 'missing_credential', cause });
  }
  const { fromNodeProviderChain } = loaded;
  if (typeof fromNodeProviderChain !== 'function') throw new TypeError(`${CHAIN_MODULE} has no fromNodeProviderChain`);
  return fromNodeProviderChain() as AwsCredentialProvider;
}
