export { createSimulator, type Simulator } from './simulator.ts';
export { demoFleet, DEMO_KEYS, SIMULATED_PROVIDERS, type DemoKey } from './demo-fleet.ts';
export { FAULT_NAMES, FAULTS, type FaultDescription, type FaultName, type FaultRule } from './faults/catalogue.ts';
export type { FaultExpectation } from './faults/expectation.ts';
export type { Schedule } from './faults/schedule.ts';
export type {
  KeyConfig,
  LatencyConfig,
  Limits,
  ListenOptions,
  ModelConfig,
  ProviderConfig,
  SimulatorConfig,
  SimulatorOptions,
  ToolCallConfig,
} from './options.ts';
export type { ChargeStyle } from './engine/charge.ts';
export type { Distribution } from './engine/distribution.ts';
export type { HeaderStyle, RetryAfterStyle } from './styles/headers.ts';
export type { StyleName } from './styles/registry.ts';
export type { Counts, KeyStats, ProviderStats, SimulatorStats } from './stats.ts';
export type { SeenRequest } from './provider/visit.ts';
export type { Listening } from './wire/server.ts';
