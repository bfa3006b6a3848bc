import { systemClock } from '@x/core';
import { undiciTransport } from '@x/providers';
import { createCalls } from '../calls/calls.ts';
import type { ClientOptions } from '../client-options.ts';
import type { Client } from '../client.ts';
import type { GatewayAddress } from './gateway-address.ts';
import { resolveGateway } from './resolve-gateway.ts';
import { createRemoteAsk } from './remote-ask.ts';
import { toGatewayFetch } from './remote-fetch.ts';
import { createSend } from './send.ts';

/** A client in front of a gateway. @throws TypeError or RangeError that names the option at fault */
export function createRemoteClient(address: GatewayAddress, options: ClientOptions): Client {
  const { env = process.env, clock = systemClock } = options;
  for (const name of ['log', 'governance'] as const) {
    if (options[name] !== undefined) throw new TypeError(`createClient: ${name} is for a pipeline in this process`);
  }
  const gateway = resolveGateway(address, env);
  const { transport, close } = options.transport
    ? { transport: options.transport, close: async () => undefined }
    : ownTransport();
  const send = createSend(transport, gateway.retry);
  return {
    ...createCalls({ ask: createRemoteAsk(gateway, send), clock, timeoutMs: gateway.timeoutMs }),
    fetch: toGatewayFetch(gateway, send, clock),
    describe: () => [
      `gateway ${gateway.baseURL}, ${gateway.key === undefined ? 'without a key' : 'with a key'}`,
      gateway.retry === false
        ? 'retry: off'
        : `retry: ${gateway.retry.maxAttempts} attempts, waits up to ${gateway.retry.maxWaitMs} ms`,
    ],
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A gateway is one's own, and mostly in a private network. */
function ownTransport() {
  const transport = undiciTransport({ allowPrivateNetwork: true });
  return { transport, close: () => transport.close() };
}
