import type { ConfigInput, ListedTarget } from '@x/config';
import type { Handler, LlmRequest, LlmResponse } from '@x/core';
import type { Calls } from './calls/calls.ts';
import type { ClientOptions } from './client-options.ts';
import type { Fetch } from './fetch/fetch.ts';
import { createLocalClient } from './local/local-client.ts';
import type { GatewayAddress } from './remote/gateway-address.ts';
import { createRemoteClient } from './remote/remote-client.ts';

/** The same for both kinds of client, so that a program can be moved from one to the other by its first line. */
export interface Client extends Calls, AsyncDisposable {
  /** For the `fetch` option of a vendor's SDK: whatever base URL and key that SDK was given, this client answers. */
  readonly fetch: Fetch;
  /** What there is as lines of text, without secrets. */
  describe(): string[];
  /** Closes the connections, after the calls in flight. */
  close(): Promise<void>;
}

/** A client whose pipeline is in this process. */
export interface LocalClient extends Client {
  /** The pipeline itself. */
  readonly handler: Handler<LlmRequest, LlmResponse>;
  /** What the configuration names. Other models of its providers may be asked for too. */
  readonly targets: readonly ListedTarget[];
}

/**
 * The gateway's pipeline in this process. Takes what the gateway's configuration file takes.
 * @throws ConfigError that names every field at fault
 */
export function createClient(config: ConfigInput, options?: ClientOptions): LocalClient;
/**
 * The same in front of a gateway, which has the keys and does the retrying.
 * @throws TypeError or RangeError that names the option at fault
 */
export function createClient(gateway: GatewayAddress, options?: ClientOptions): Client;
export function createClient(given: ConfigInput | GatewayAddress, options: ClientOptions = {}): Client {
  return isGateway(given) ? createRemoteClient(given, options) : createLocalClient(given, options);
}

/** No configuration has an address of its own. */
function isGateway(given: ConfigInput | GatewayAddress): given is GatewayAddress {
  return 'baseURL' in given;
}
