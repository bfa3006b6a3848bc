import type { OpenAIDialect } from '@x/providers';
import type { ProviderType } from './known-providers.ts';
import type { ConfigSections } from './schema/config-schema.ts';
import type { KeyInput, ProviderInput } from './schema/providers.ts';

/** A configuration that has been checked: defaults filled in, references to the environment resolved. Holds secrets. */
export interface Config extends Omit<ConfigSections, '$schema' | 'providers' | 'governance' | 'store'> {
  /** By name. At least one. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** Undefined where everyone is served. */
  readonly governance: GovernanceConfig | undefined;
  readonly store: StoreConfig;
}

/** With the keys themselves. */
export type GovernanceConfig = NonNullable<ConfigSections['governance']>;

export type StoreConfig = ConfigSections['store'];

export interface ProviderConfig {
  readonly type: ProviderType;
  /** The known provider that it is, by its type or its name. */
  readonly host: string | undefined;
  readonly baseURL: string;
  /** Of a vertex provider. */
  readonly project?: string | undefined;
  readonly location?: string | undefined;
  readonly allowPrivateNetwork: boolean;
  readonly apiVersion: string | undefined;
  /** Of an openai-compatible provider; undefined for what is known of it. */
  readonly dialects: readonly OpenAIDialect[] | undefined;
  /** Of Bedrock. */
  readonly region: string | undefined;
  /** Empty for a provider that is called without a key. */
  readonly keys: readonly KeyConfig[];
  /** Models that go on from an assistant message; undefined for what is known of the type. */
  readonly prefill: readonly string[] | undefined;
  /** By name, or by the beginning of a name and `*`. */
  readonly models: ProviderInput['models'];
  readonly timeouts: ProviderInput['timeouts'];
}

/** What bounds a key beside its models; absent where nothing does. */
export type KeyLimits = Pick<KeyInput, 'rpm' | 'tpm' | 'rpd' | 'tpd' | 'concurrency' | 'quotaGroup'>;

export interface KeyConfig extends KeyLimits {
  readonly name: string;
  /** Secret. */
  readonly value: string;
  /** The environment variable that the value came from. */
  readonly variable: string | undefined;
  readonly weight: number;
  readonly models: readonly string[] | undefined;
}

/** Where `env.NAME` is looked up. */
export type Environment = Readonly<Record<string, string | undefined>>;
