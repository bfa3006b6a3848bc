import { formatTarget, policyOf } from '@x/core';
import type { CircuitEvent } from '@x/fallback';
import type { LaneLeftEvent } from '@x/keypool';
import type { LogPort, RequestRecord } from '@x/telemetry';
import type { Logger } from 'pino';
import type { InternalError, Refusal } from './http/options.ts';

/** Paths come from callers. */
const LONGEST_PATH = 200;

/** One line per request, with its attempts. Undefined where nobody would see it, so that no record is made. */
export function requestLog(logger: Logger): ((record: RequestRecord) => void) | undefined {
  return logger.isLevelEnabled('info') ? (record) => logger.info(record, 'request') : undefined;
}

/** All of those that are there; undefined where nobody is, so that no record is made. */
export function logTo(...ports: readonly (((record: RequestRecord) => void) | undefined)[]): LogPort | undefined {
  const [one, other] = ports.filter((port) => port !== undefined);
  if (one === undefined || other === undefined) return one;
  return (record) => {
    one(record);
    other(record);
  };
}

/** One line per request that never became one for the pipeline. */
export function logRefusal(logger: Logger) {
  return ({ id, method, path, status, error }: Refusal): void => {
    logger.info(
      { id, method, path: path.slice(0, LONGEST_PATH), status, code: error.code, param: error.param },
      'refused',
    );
  };
}

/** A bug of ours, or of a layer. */
export function logInternalError(logger: Logger) {
  return ({ id, error }: InternalError): void => logger.error({ id, err: error }, 'internal error');
}

/** A key that has no room for a while is everyday; one that is closed wants an operator. */
export function logKeyLeft(logger: Logger) {
  return ({ kind, forMs, ...where }: LaneLeftEvent): void => {
    const closed = policyOf(kind).health.startsWith('close');
    logger[closed ? 'warn' : 'debug']({ ...where, kind, forMs: Number.isFinite(forMs) ? forMs : null }, 'key left');
  };
}

/** A target that goes on failing wants an operator's eye; that it is tried again is everyday. */
export function logCircuitChanged(logger: Logger) {
  return ({ target, from, to, opensInMs }: CircuitEvent): void => {
    const level = to === 'open' && from === 'closed' ? 'warn' : to === 'closed' ? 'info' : 'debug';
    logger[level]({ target: formatTarget(target), from, to, opensInMs }, 'circuit');
  };
}
