import { RetryBudget } from '@x/backoff';
import {
  GATEWAY_DEFAULTS,
  GATEWAY_RETRY_DEFAULTS,
  type GatewayAddress,
  type GatewayRetryOptions,
} from './gateway-address.ts';

/** An address whose references have been followed. */
export interface ResolvedGateway {
  /** Without a slash or a version at its end. */
  readonly baseURL: string;
  readonly key: string | undefined;
  readonly timeoutMs: number;
  readonly retry:
    | (Required<Omit<GatewayRetryOptions, 'budget'>> & { readonly budget: RetryBudget | undefined })
    | false;
}

type Environment = Readonly<Record<string, string | undefined>>;

const MEMBERS: readonly string[] = ['baseURL', 'key', 'timeoutMs', 'retry'] satisfies (keyof GatewayAddress)[];
const RETRY_MEMBERS: readonly string[] = [
  ...Object.keys(GATEWAY_RETRY_DEFAULTS),
  'budget' satisfies keyof GatewayRetryOptions,
];

/** @throws TypeError or RangeError that names the option at fault, never its secret */
export function resolveGateway(address: GatewayAddress, env: Environment): ResolvedGateway {
  checkMembers(address, MEMBERS, 'beside baseURL');
  const { timeoutMs = GATEWAY_DEFAULTS.timeoutMs, retry = {} } = address;
  if (!Number.isFinite(timeoutMs) || timeoutMs <= 0) {
    throw new RangeError(`createClient: timeoutMs must be a number of milliseconds above 0, got ${timeoutMs}`);
  }
  const key = follow('key', address.key, env);
  // A header cannot carry it, and the transport's message would show it.
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new TypeError('createClient: key must be printable ASCII without spaces');
  }
  return { baseURL: originOf(follow('baseURL', address.baseURL, env)), key, timeoutMs, retry: resolveRetry(retry) };
}

function checkMembers(options: object, known: readonly string[], where: string): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`createClient: unknown option "${unknown}" ${where}`);
}

function originOf(baseURL: string | undefined): string {
  const url = baseURL === undefined ? null : URL.parse(baseURL);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new TypeError('createClient: baseURL must be an absolute http or https URL');
  }
  if (url.username + url.password + url.search + url.hash !== '') {
    throw new TypeError('createClient: baseURL must have no user name, password, query or fragment');
  }
  return url.href.replace(/\/+$/, '').replace(/\/v1$/, '');
}

function resolveRetry(retry: GatewayRetryOptions | false): ResolvedGateway['retry'] {
  if (retry === false) return false;
  checkMembers(retry, RETRY_MEMBERS, 'in retry');
  const { budget, ...rest } = { ...GATEWAY_RETRY_DEFAULTS, ...retry };
  if (!Number.isInteger(rest.maxAttempts) || rest.maxAttempts < 1) {
    throw new RangeError(`createClient: retry.maxAttempts must be a whole number above 0, got ${rest.maxAttempts}`);
  }
  for (const name of ['baseMs', 'capMs', 'maxWaitMs'] as const) {
    const least = name === 'capMs' ? rest.baseMs : 0;
    if (Number.isFinite(rest[name]) && rest[name] >= least) continue;
    throw new RangeError(`createClient: retry.${name} must be a number of at least ${least}, got ${rest[name]}`);
  }
  return { ...rest, budget: budget === false ? undefined : new RetryBudget(budget) };
}

/** Follows `env.NAME`, as the configuration of a gateway does. */
function follow(option: string, text: string | undefined, env: Environment): string | undefined {
  if (text !== undefined && typeof text !== 'string') throw new TypeError(`createClient: ${option} must be a string`);
  const variable = text?.startsWith('env.') ? text.slice('env.'.length) : undefined;
  if (variable === undefined) return text;
  const value = env[variable]?.trim();
  if (value) return value;
  throw new TypeError(`createClient: ${option} refers to the environment variable ${variable}, which is not set`);
}
