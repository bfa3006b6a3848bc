import { assemble, configFromObject, openState, type ConfigInput, type State } from '@x/config';
import {
  createLlmRequest,
  JsonBody,
  openRequest,
  Trail,
  TRAIL,
  type Clock,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type RequestScope,
} from '@x/core';
import { GOVERNANCE_NOTES, GovernanceNotes } from '@x/governance';
import { createSimulator, type SimulatorConfig } from '@x/simulator';
import { createTelemetry } from '@x/telemetry';
import { gatewayPipeline } from '../../../src/pipeline.ts';
import { ANSWER_TOKENS, bodyOf, PRICE } from './request.ts';

const TIMEOUT_MS = 120_000;

export interface VirtualOptions {
  readonly clock: Clock;
  readonly governance: NonNullable<ConfigInput['governance']>;
  /** @default answers at once, without faults */
  readonly simulated?: Omit<SimulatorConfig, 'providers'> & Partial<SimulatorConfig['providers'][string]>;
}

/** The whole pipeline of the gateway in this process, with a simulated provider and everything else in memory. */
export interface VirtualGateway {
  readonly state: State;
  readonly handler: Handler<LlmRequest, LlmResponse>;
  open(): RequestScope;
  request(key: string, stream?: boolean): LlmRequest;
  close(): Promise<void>;
}

export async function virtualGateway({ clock, governance, simulated = {} }: VirtualOptions): Promise<VirtualGateway> {
  const { seed, faults, ...provider } = simulated;
  const keys = ['one', 'two'];
  const simulator = createSimulator(
    { seed, faults, providers: { openai: { keys, outputTokens: ANSWER_TOKENS, ...provider } } },
    { clock },
  );
  const config = configFromObject(
    {
      log: { level: 'silent' },
      providers: {
        openai: { baseURL: 'http://simulated/openai/v1', keys: keys.map((name) => ({ name, value: name })) },
      },
      governance: { unknownPrice: PRICE, ...governance },
      store: { durable: { type: 'sqlite', path: ':memory:' } },
    },
    {},
  );
  const state = await openState(config, { clock });
  if (state === undefined) throw new Error('a configuration with governance has state');
  const telemetry = createTelemetry({ clock });
  const parts = assemble(config, { transport: simulator.transport });
  return {
    state,
    handler: gatewayPipeline({ ...parts, telemetry, governance: state.governance }),
    open: () =>
      openRequest({ clock, timeoutMs: TIMEOUT_MS }, TRAIL.of(new Trail()), GOVERNANCE_NOTES.of(new GovernanceNotes())),
    request: (key, stream = false) =>
      createLlmRequest({
        dialect: 'openai.chat',
        headers: { authorization: `Bearer ${key}` },
        body: JsonBody.of(bodyOf(stream)),
      }),
    async close() {
      await state.close();
      telemetry.close();
      await parts.close();
    },
  };
}
