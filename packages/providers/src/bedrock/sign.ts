import { PipelineError, type HttpRequest } from '@x/core';
import type { Sign } from '../adapter/sign.ts';
import { staticCredentials, type AwsCredentialProvider, type AwsCredentials } from './credentials.ts';
import { Sha256 } from './sha256.ts';

/** Name of the service in the signature; the runtime's differs from its host. */
const SERVICE = 'bedrock';

/** A Bedrock API key goes out as it is; access keys sign each request, and so does what the chain finds where there is no key. */
export function bedrockSign(region: string, chain: AwsCredentialProvider): Sign {
  return (request, secret, context) => {
    const now = context.clock.now();
    if (secret === undefined) return credentialsOf(chain).then((found) => signed(request, found, { region, now }));
    const keys = staticCredentials(secret);
    if (keys !== undefined) return signed(request, keys, { region, now });
    return { ...request, headers: { ...request.headers, authorization: `Bearer ${secret}` } };
  };
}

async function credentialsOf(chain: AwsCredentialProvider): Promise<AwsCredentials> {
  try {
    return await chain();
  } catch (thrown) {
    if (PipelineError.isInstance(thrown)) throw thrown;
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new PipelineError('authentication', `no AWS credentials: ${why}`, {
      code: 'missing_credential',
      cause: thrown,
    });
  }
}

async function signed(
  request: HttpRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  { region, now }: { readonly region: string; readonly now: number },
): Promise<HttpRequest> {
  const { protocol, hostname, port, host, pathname } = new URL(request.url);
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  // Loaded with the first request that is signed: those who never sign one need not wait for it at the start.
  const { SignatureV4 } = await import('@smithy/signature-v4');
  const signer = new SignatureV4({ credentials, region, service: SERVICE, sha256: Sha256 });
  const { headers } = await signer.sign(
    {
      method: request.method,
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: pathname,
      query: {},
      headers: { ...request.headers, host },
      body: request.body,
    },
    { signingDate: new Date(now) },
  );
  return { ...request, headers };
}
