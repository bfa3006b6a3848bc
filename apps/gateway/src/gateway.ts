import { assemble, checkPipeline, type Assembly, type Config, type LayerEvents, type State } from '@x/config';
import { describe, systemClock, type Clock, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import type { CircuitEvent } from '@x/fallback';
import { UNGOVERNED } from '@x/governance';
import type { LaneLeftEvent } from '@x/keypool';
import { codec } from '@x/providers';
import { createTelemetry, type Telemetry } from '@x/telemetry';
import type { Logger } from 'pino';
import { FleetRests } from './fleet-rests.ts';
import { adminPlane } from './admin/admin-plane.ts';
import type { ServerLimits, ServerOptions } from './http/options.ts';
import { createGatewayServer, type GatewayServer } from './http/server.ts';
import { troublesOf } from './governance-troubles.ts';
import { storedRequests } from './stored-requests.ts';
import { createMetricsPage } from './metrics-page.ts';
import { gatewayPipeline } from './pipeline.ts';
import { restartFor } from './reload/restart-for.ts';
import { logCircuitChanged, logInternalError, logKeyLeft, logRefusal, logTo, requestLog } from './request-log.ts';

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
export interface Gateway extends Omit<GatewayServer, 'replace'> {
  /** The pipeline itself, for callers in the same process. */
  readonly handler: Handler<LlmRequest, LlmResponse>;
  /** Targets that the configuration names, as `provider/model`. */
  readonly targets: readonly string[];
  /**
   * Serves requests by another configuration from now on; those in flight over HTTP end by the one that they began with. Sockets and
   * stores stay as they are. Returns what has changed that only a restart brings.
   * @throws ConfigError, PipelineError for one that cannot be used; nothing has changed then
   */
  reload(config: Config): readonly string[];
}

/** What is made anew for each configuration. */
interface Running {
  readonly config: Config;
  readonly assembly: Assembly;
  readonly handler: Handler<LlmRequest, LlmResponse>;
}

/** Puts together what a configuration describes. Nothing listens yet. */
export function createGateway(first: Config, options: GatewayOptions = {}): Gateway {
  const { clock = systemClock, logger, state, health = {} } = options;
  const stored = state && storedRequests(first, { state, clock });
  const telemetry = createTelemetry({ clock, log: logTo(logger && requestLog(logger), stored?.record) });
  const fleet = state?.rests && new FleetRests({ deadlines: state.rests, pools: () => running.assembly.pools, clock });
  const events = layerEvents(telemetry, logger, fleet);
  const run = (config: Config, previous?: Running): Running => {
    const assembly = assemble(config, { events, previous });
    const governance = state?.governance ?? UNGOVERNED;
    return { config, assembly, handler: checkPipeline(gatewayPipeline({ ...assembly, telemetry, governance })) };
  };
  let running = run(first);
  const observed = {
    pools: () => Object.values(running.assembly.pools).map((pool) => pool.inspect(clock.now())),
    circuits: () => (running.assembly.breaker ? running.assembly.breaker.circuits.inspect(clock.now()) : []),
    layers: () => describe(running.handler),
  };
  const metrics = createMetricsPage(telemetry, {
    ...observed,
    ...(state && { governance: () => state.governance.health }),
  });
  const reopenKey = (name: string, key: string) => {
    const { assembly, config } = running;
    const pool = Object.hasOwn(assembly.pools, name) ? assembly.pools[name] : undefined;
    if (pool === undefined || !config.providers[name]?.keys.some((one) => one.name === key)) return false;
    pool.reopen(key, clock.now());
    return true;
  };
  const serverOptions = ({ config, assembly, handler }: Running): ServerOptions => ({
    handler,
    codec,
    clock,
    limits: limitsOf(config),
    findModel: assembly.findModel,
    resolveModel: assembly.resolveModel,
    defaultProviders: assembly.defaultProviders,
    models: assembly.models,
    metrics: () => metrics.text(),
    health,
    admin: adminPlane(config.server, { clock, state, ...observed, reopenKey }),
    ...(state && {
      tenantOf: (headers) => state.governance.tenantOf(headers),
      transcribe: stored?.transcribe,
      troubles: () => troublesOf(state.governance.health),
    }),
    ...(logger && { onRefused: logRefusal(logger), onInternalError: logInternalError(logger) }),
  });
  const server = createGatewayServer(serverOptions(running));
  const retiring = new Set<Promise<void>>();
  const retire = (assembly: Assembly, idle: Promise<void>) => {
    const retired = idle.then(() => assembly.close()).finally(() => retiring.delete(retired));
    retiring.add(retired);
  };
  const reload = (config: Config) => {
    const before = running;
    const after = run(config, before);
    try {
      state?.configure(config);
    } catch (error) {
      retire(after.assembly, Promise.resolve());
      throw error;
    }
    running = after;
    retire(before.assembly, server.replace(serverOptions(after)));
    return restartFor(first, config);
  };
  let closing: Promise<number> | undefined;
  const close = async () => {
    const cut = await server.close();
    stored?.close();
    fleet?.close();
    try {
      // What was answered is in the ledger before anything else goes.
      await state?.close();
    } finally {
      await Promise.all([running.assembly.close(), ...retiring, metrics.close()]);
      telemetry.close();
    }
    return cut;
  };
  return {
    handler: (request, context) => running.handler(request, context),
    get targets() {
      return running.assembly.targets.map(({ id }) => id);
    },
    reload,
    listen: (port, host) => server.listen(port, host),
    close: () => (closing ??= close()),
    get inFlight() {
      return server.inFlight;
    },
  };
}

function limitsOf({ server }: Config): Partial<ServerLimits> {
  const { maxBodyBytes, timeoutMs, maxTimeoutMs = timeoutMs, drainMs, streamKeepAliveMs } = server;
  return { maxBodyBytes, timeoutMs, maxTimeoutMs, drainMs, streamKeepAliveMs };
}

/** Layers tell the metrics, and the log where there is one. */
function layerEvents(telemetry: Telemetry, logger: Logger | undefined, fleet: FleetRests | undefined): LayerEvents {
  const { onWait, onFallback, onHedge, onResume, onSkippedEvent } = telemetry;
  const logCircuit = logger && logCircuitChanged(logger);
  const onCircuit = (event: CircuitEvent) => {
    telemetry.onCircuit(event);
    logCircuit?.(event);
  };
  const logLeft = logger && logKeyLeft(logger);
  const onLeave = (event: LaneLeftEvent) => {
    logLeft?.(event);
    fleet?.tell(event);
  };
  return { onWait, onFallback, onHedge, onResume, onCircuit, onSkippedEvent, onLeave };
}
