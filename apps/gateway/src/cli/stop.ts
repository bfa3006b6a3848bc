import type { State } from '@x/config';
import type { Demo } from '../demo.ts';
import type { Gateway } from '../gateway.ts';
import type { Log } from '../log.ts';

export interface Running {
  readonly gateway: Pick<Gateway, 'close' | 'inFlight'>;
  readonly state: Pick<State, 'governance'> | undefined;
  readonly demo: Pick<Demo, 'close'> | undefined;
  readonly log: Log;
}

/** Stops in an orderly way, and has said how it went by the time it is over. @throws what could not be finished */
export async function stop(signal: NodeJS.Signals, { gateway, state, demo, log }: Running): Promise<void> {
  const { logger } = log;
  logger.info({ signal, inFlight: gateway.inFlight }, 'stopping');
  try {
    const cut = await gateway.close();
    await demo?.close();
    logger.info({ cut }, 'stopped');
  } catch (error) {
    // Rows that a ledger which stays away never took are gone with this process: nobody else will tell.
    logger.error({ err: error, rowsLost: state?.governance.health.ledger.waiting }, 'stopped, and something is lost');
    throw error;
  } finally {
    log.flush();
  }
}
