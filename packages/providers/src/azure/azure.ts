import { wrongOption } from '@x/core';
import { adapter, type Adapter } from '../adapter/adapter.ts';
import type { ProviderProfile } from '../adapter/profile.ts';
import type { Surfaces } from '../adapter/surface.ts';
import { PROVIDER_DEFAULTS } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import { checkBaseURL, type AdapterOptions } from '../options.ts';

export interface AzureOptions extends AdapterOptions {
  /** The resource, such as `https://NAME.openai.azure.com`. What comes after the host is added where it is missing. */
  readonly baseURL: string;
  /**
   * A dated version, such as `2024-10-21`: then the address names the deployment (`/openai/deployments/NAME`).
   * @default none: the address is `/openai/v1`, and the deployment stands in the body
   */
  readonly apiVersion?: string;
  /**
   * Gives an Entra token of the scope `https://ai.azure.com/.default`, and is asked for each call, so it should keep one as long
   * as it lasts. @default none: the key goes out as `api-key`
   */
  readonly token?: () => string | Promise<string>;
}

/** Azure OpenAI, in both styles of address. The model of a target is the name of a deployment. */
export function azure(options: AzureOptions): Adapter {
  const { name = 'azure', apiVersion, token } = options;
  checkBaseURL('azure', options.baseURL);
  if (token !== undefined && typeof token !== 'function') throw wrongOption('azure: token', token, 'a function');
  const profile: ProviderProfile = {
    ...profileOf({
      ...PROVIDER_DEFAULTS.azure,
      ...(apiVersion !== undefined && { surfaces: byDeployment(apiVersion) }),
    }),
    auth: token === undefined ? { header: 'api-key', prefix: '' } : { header: 'authorization', prefix: 'Bearer ' },
  };
  return adapter({
    ...options,
    factory: 'azure',
    name,
    baseURL: resourceOf(options.baseURL) + (apiVersion === undefined ? '/openai/v1' : ''),
    profile,
  });
}

/** People paste it with and without what follows the host. */
function resourceOf(baseURL: string): string {
  return baseURL.replace(/\/+$/, '').replace(/\/openai(?:\/v1|\/deployments)?$/, '');
}

function byDeployment(apiVersion: string): Surfaces {
  const query = `?api-version=${encodeURIComponent(checkVersion(apiVersion))}`;
  const at = (end: string) => (model: string) => `/openai/deployments/${encodeURIComponent(model)}/${end}${query}`;
  return [
    { dialect: 'openai.chat', path: at('chat/completions') },
    { dialect: 'openai.embeddings', path: at('embeddings') },
  ];
}

function checkVersion(apiVersion: string): string {
  if (/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(apiVersion)) return apiVersion;
  throw new TypeError(`azure: apiVersion must be a date such as 2024-10-21, got ${JSON.stringify(apiVersion)}`);
}
