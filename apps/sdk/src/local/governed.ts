import { openState, type Config, type State } from '@x/config';
import type { Clock, LlmRequest, LlmResponse, Middleware } from '@x/core';
import { UNGOVERNED, type Governance, type GovernanceLayers } from '@x/governance';

/** Governance of a client, and what closes it. */
export interface Governed {
  readonly layers: GovernanceLayers;
  close(): Promise<void>;
}

/**
 * What a configuration says of governance. Its stores are opened at once, and calls wait for that; where it fails, so do they.
 * @throws TypeError where the caller brings governance of its own as well
 */
export function governed(
  config: Config,
  { own, clock }: { own: GovernanceLayers | undefined; clock: Clock },
): Governed {
  if (config.governance === undefined) return { layers: own ?? UNGOVERNED, close: async () => undefined };
  if (own !== undefined) {
    throw new TypeError('createClient: governance is in the configuration and among the options; give one of them');
  }
  const state = openState(config, { clock });
  const opened = state.then((found) => (found as State).governance);
  // Told to each call that waits for it.
  opened.catch(() => undefined);
  return {
    layers: {
      identify: () => waiting(opened, (governance) => governance.identify()),
      authorize: () => waiting(opened, (governance) => governance.authorize()),
    },
    close: () =>
      state.then(
        (found) => found?.close(),
        () => undefined,
      ),
  };
}

type Layer = Middleware<LlmRequest, LlmResponse>;

function waiting(opened: Promise<Governance>, layer: (governance: Governance) => Layer): Layer {
  return (next) => {
    const handler = opened.then((governance) => layer(governance)(next));
    handler.catch(() => undefined);
    return async function governed(request, context) {
      return (await handler)(request, context);
    };
  };
}
