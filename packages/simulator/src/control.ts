import type { Simulator } from './simulator.ts';
import { Exchange } from './wire/exchange.ts';
import { bodyText, type Incoming } from './wire/incoming.ts';
import { wholeReply } from './wire/reply.ts';

type Controlled = Pick<Simulator, 'stats' | 'reset' | 'faults' | 'setFaults'>;

/** The control endpoints under `/_simulator/`. Everything they do, the object does as well. */
export function control(simulator: Controlled, action: string, incoming: Incoming): Exchange {
  switch (action) {
    case 'GET stats':
      return json(200, simulator.stats());
    case 'POST reset':
      simulator.reset();
      return json(200, { reset: true });
    case 'GET faults':
      return json(200, { faults: simulator.faults() });
    case 'POST faults':
      return setFaults(simulator, bodyText(incoming));
    default:
      return json(404, failure('there is GET stats, POST reset, GET faults and POST faults'));
  }
}

function setFaults(simulator: Controlled, body: string): Exchange {
  try {
    const { faults } = JSON.parse(body) as { faults?: unknown };
    simulator.setFaults(faults as Parameters<Simulator['setFaults']>[0]);
    return json(200, { faults: simulator.faults() });
  } catch (error) {
    return json(400, failure(error instanceof Error ? error.message : String(error)));
  }
}

export function failure(message: string) {
  return { error: { message, type: 'simulator_error', param: null, code: null } };
}

export function json(status: number, value: unknown): Exchange {
  return new Exchange(wholeReply({ status, body: JSON.stringify(value) }));
}
