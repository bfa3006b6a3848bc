import { wrongOption } from '@x/core';
import { adapter, type Adapter } from '../adapter/adapter.ts';
import { PROVIDER_DEFAULTS } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import type { AdapterOptions } from '../options.ts';
import { defaultChain, type AwsCredentialProvider } from './credentials.ts';
import { bedrockSign } from './sign.ts';

export interface BedrockOptions extends AdapterOptions {
  /** Such as `us-east-1`. @default AWS_REGION, then AWS_DEFAULT_REGION; without one it must be given */
  readonly region?: string;
  /** Another endpoint, such as a VPC's own. @default `https://bedrock-runtime.REGION.amazonaws.com` */
  readonly baseURL?: string;
  /**
   * Whether keys come from a pool or from `credential`: a Bedrock API key, or `ACCESS_KEY_ID:SECRET_ACCESS_KEY[:SESSION_TOKEN]`.
   * @default false where no credential is given: each call is signed with what `credentials` has
   */
  readonly keys?: boolean;
  /** What requests are signed with where there are no keys. @default the environment's variables, then AWS's default chain */
  readonly credentials?: AwsCredentialProvider;
}

/** AWS Bedrock over Converse. The model of a target is a model id, an inference profile's id or an ARN. */
export function bedrock(options: BedrockOptions = {}): Adapter {
  const { name = 'bedrock', credential, keys = credential !== undefined, credentials } = options;
  if (typeof keys !== 'boolean') throw wrongOption('bedrock: keys', keys, 'true or false');
  if (credentials !== undefined && typeof credentials !== 'function') {
    throw wrongOption('bedrock: credentials', credentials, 'a function');
  }
  const region = checkRegion(options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION']);
  return adapter({
    ...options,
    factory: 'bedrock',
    name,
    baseURL: options.baseURL ?? bedrockURL(region),
    profile: profileOf(PROVIDER_DEFAULTS.bedrock),
    keyless: !keys,
    sign: bedrockSign(region, credentials ?? defaultChain(process.env)),
  });
}

/** The runtime's address in a region. China's partition has a domain of its own. */
export function bedrockURL(region: string): string {
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}

function checkRegion(region: string | undefined): string {
  if (region === undefined || region === '') {
    throw new TypeError('bedrock: region must be given, here or in the environment variable AWS_REGION');
  }
  if (isAwsRegion(region)) return region;
  throw new TypeError(`bedrock: region must be one such as us-east-1, got ${JSON.stringify(region)}`);
}

/** Only what can stand in a host's name. */
export function isAwsRegion(region: string): boolean {
  return /^[a-z]{2,3}(?:-[a-z]+)+-\d{1,2}$/.test(region);
}
