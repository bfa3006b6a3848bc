import { assemble, checkPipeline, type Config, type State } from '@x/config';
import { describe, systemClock, type Clock, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import type { CircuitEvent } from '@x/fallback';
import { UNGOVERNED } from '@x/governance';
import { codec } from '@x/providers';
import { createTelemetry } from '@x/telemetry';
import type { Logger } from 'pino';
import { createGatewayServer, type GatewayServer } from './http/server.ts';
import { createMetricsPage } from './metrics-page.ts';
import { gatewayPipeline } from './pipeline.ts';
import { logCircuitChanged, logInternalError, logKeyLeft, logRefusal, requestLog } from './request-log.ts';

export interface GatewayOptions {
  /** Where time, waits and chance come from. @default systemClock */
  readonly clock?: Clock;
  /** Gets a line per request at `info`. @default nothing is logged */
  readonly logger?: Logger | undefined;
  /** Governance on its stores, from `openState`. Closed with the gateway. @default everyone is served */
  readonly state?: State | undefined;
  /** Members to add to what `GET /health` answers. @default none */
  readonly health?: Readonly<Record<string, string>>;
}

/** A configuration turned into a list of layers, behind a socket. */
export interface Gateway extends GatewayServer {
  /** The pipeline itself, for callers in the same process. */
  readonly handler: Handler<LlmRequest, LlmResponse>;
  /** Targets that the configuration names, as `provider/model`. */
  readonly targets: readonly string[];
}

/** Puts together what a configuration describes. Nothing listens yet. */
export function createGateway(config: Config, options: GatewayOptions = {}): Gateway {
  const { clock = systemClock, logger, state, health = {} } = options;
  const telemetry = createTelemetry({ clock, log: logger && requestLog(logger) });
  const { onWait, onFallback, onHedge, onResume, onSkippedEvent } = telemetry;
  const logCircuit = logger && logCircuitChanged(logger);
  const onCircuit = (event: CircuitEvent) => {
    telemetry.onCircuit(event);
    logCircuit?.(event);
  };
  const assembly = assemble(config, {
    events: {
      onWait,
      onFallback,
      onHedge,
      onResume,
      onCircuit,
      onSkippedEvent,
      ...(logger && { onLeave: logKeyLeft(logger) }),
    },
  });
  const inspectPools = () => Object.values(assembly.pools).map((pool) => pool.inspect(clock.now()));
  const inspectCircuits = () => (assembly.breaker ? assembly.breaker.circuits.inspect(clock.now()) : []);
  const metrics = createMetricsPage(telemetry, { pools: inspectPools, circuits: inspectCircuits });
  const governance = state?.governance ?? UNGOVERNED;
  const handler = checkPipeline(gatewayPipeline({ ...assembly, telemetry, governance }));
  const { maxBodyBytes, timeoutMs, maxTimeoutMs = timeoutMs, drainMs, streamKeepAliveMs, admin } = config.server;
  const server = createGatewayServer({
    handler,
    codec,
    clock,
    limits: { maxBodyBytes, timeoutMs, maxTimeoutMs, drainMs, streamKeepAliveMs },
    findModel: assembly.findModel,
    resolveModel: assembly.resolveModel,
    defaultProviders: assembly.defaultProviders,
    models: assembly.models,
    metrics: () => metrics.text(),
    health,
    governed: state !== undefined,
    ...(admin !== 'off' && {
      admin,
      pools: () => ({ pools: inspectPools() }),
      circuits: () => ({ circuits: inspectCircuits() }),
      pipeline: () => ({ layers: describe(handler) }),
    }),
    ...(logger && { onRefused: logRefusal(logger), onInternalError: logInternalError(logger) }),
  });
  let closing: Promise<number> | undefined;
  const close = async () => {
    const cut = await server.close();
    // What was answered is in the ledger before anything else goes.
    await state?.close();
    await Promise.all([assembly.close(), metrics.close()]);
    telemetry.close();
    return cut;
  };
  return {
    handler,
    targets: assembly.targets.map(({ id }) => id),
    listen: (port, host) => server.listen(port, host),
    close: () => (closing ??= close()),
    get inFlight() {
      return server.inFlight;
    },
  };
}
